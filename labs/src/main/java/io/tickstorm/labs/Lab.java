package io.tickstorm.labs;

import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.stage.Stage;
import java.util.List;

/** An experiment. All that is said about it is made from what it recorded, so it can be said again from a file. */
public interface Lab {
    /** As in {@code make lab NAME=...} and {@code docs/learn/NAME.md}. */
    String name();

    /** Plays it. */
    void run(Stage stage, Recording recording) throws Exception;

    /** What was seen, in an order that teaches; the lab has failed if one of them does not hold. */
    List<Finding> findings(Recording recording);

    /** What was seen, drawn. */
    Picture picture(Recording recording);
}
