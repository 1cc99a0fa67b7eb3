package io.tickstorm.page;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.HashMap;
import java.util.Map;

/** The 256 colours that a picture has most of. */
final class Palette {
    private static final int SIZE = 256;
    private static final int BITS = 8;

    private Palette() {}

    static IndexColorModel of(BufferedImage picture) {
        var counts = new HashMap<Integer, Integer>();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                counts.merge(picture.getRGB(x, y), 1, Integer::sum);
            }
        }
        var colours = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                .limit(SIZE)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        return new IndexColorModel(BITS, colours.length, colours, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
    }
}
