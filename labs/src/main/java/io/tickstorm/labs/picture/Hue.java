package io.tickstorm.labs.picture;

/** Colours that people with any kind of colour vision tell apart, on white and on black. */
public enum Hue {
    BLUE("#0069b4", "#5ab4ff"),
    ORANGE("#cf5000", "#ff9a4d"),
    GREEN("#00805c", "#3ddba8"),
    PURPLE("#a2417f", "#e795c5"),
    GREY("#6b7480", "#9aa4b0");

    private final String onWhite;
    private final String onBlack;

    Hue(String onWhite, String onBlack) {
        this.onWhite = onWhite;
        this.onBlack = onBlack;
    }

    String style() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    String light() {
        return rule(onWhite);
    }

    String dark() {
        return rule(onBlack);
    }

    private String rule(String colour) {
        return "." + style() + "{--hue:" + colour + "}";
    }
}
