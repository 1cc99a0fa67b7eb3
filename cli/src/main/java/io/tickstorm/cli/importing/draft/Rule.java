package io.tickstorm.cli.importing.draft;

/**
 * How one directive is translated.
 *
 * @param directive its first words, such as {@code timeout client}
 * @param usual what mostly becomes of it
 * @param becomes the setting, or the reason; for people
 * @param translation carries it over, and says how that went
 */
public record Rule<S>(String directive, Verdict usual, String becomes, Translation<S> translation) {

    /** Carries one directive over to what is being put together. */
    public interface Translation<S> {
        void apply(Said said, S subject);
    }

    public static <S> Rule<S> carried(String directive, String becomes, Translation<S> translation) {
        return new Rule<>(directive, Verdict.CARRIED, becomes, translation);
    }

    public static <S> Rule<S> differs(String directive, String becomes, Translation<S> translation) {
        return new Rule<>(directive, Verdict.DIFFERS, becomes, translation);
    }

    /** Nothing has to be done for it. */
    public static <S> Rule<S> unneeded(String directive, String why) {
        return new Rule<>(directive, Verdict.UNNEEDED, why, (said, subject) -> said.unneeded(why));
    }

    /** Nothing can be done for it. */
    public static <S> Rule<S> lost(String directive, String why) {
        return new Rule<>(directive, Verdict.LOST, why, (said, subject) -> said.lost(why));
    }
}
