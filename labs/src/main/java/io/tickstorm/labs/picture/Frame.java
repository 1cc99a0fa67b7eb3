package io.tickstorm.labs.picture;

/** Where values of two axes are, in pixels. */
record Frame(Axis xAxis, Axis yAxis, double left, double top, double width, double height) {
    double x(double value) {
        return left + width * xAxis.place(value);
    }

    /** Values beyond the axis lie on its end. */
    double y(double value) {
        return bottom() - height * Math.clamp(yAxis.place(value), 0, 1);
    }

    double right() {
        return left + width;
    }

    double bottom() {
        return top + height;
    }
}
