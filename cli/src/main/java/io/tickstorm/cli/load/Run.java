package io.tickstorm.cli.load;

/** One run on one event loop, which makes all the calls. */
interface Run<R> {
    /** Begins to send. */
    void begin();

    /** Sends no more; what is under way ends as it does. More than one call changes nothing. */
    void end();

    /** What became of it so far. */
    R report();

    /** One line for someone who waits. */
    String line();
}
