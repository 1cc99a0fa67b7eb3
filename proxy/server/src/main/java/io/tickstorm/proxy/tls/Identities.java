package io.tickstorm.proxy.tls;

import io.tickstorm.proxy.listener.CertificateFiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a listener by the names that clients ask for. Immutable: what a client asks for leaves nothing behind, so
 * names without end cost no memory.
 */
final class Identities {
    private final List<Identity> all;
    private final Map<String, Choice> byName;
    private final Choice first;
    private final boolean strict;

    /** The certificates of one name, at most one of each kind of key, as indexes. */
    private record Choice(int rsa, int ec) {
        private static final int NONE = -1;

        static Choice of(int index, String keyType) {
            return keyType.equals("EC") ? new Choice(NONE, index) : new Choice(index, NONE);
        }

        /** What was there stays: the first certificate of a name and kind wins. */
        Choice or(Choice other) {
            return new Choice(rsa == NONE ? other.rsa : rsa, ec == NONE ? other.ec : ec);
        }

        /** The one of this kind; who does not know ECDSA gets the other one, if there is one. */
        int pick(String keyType, boolean knowsEcdsa) {
            return keyType.equals("EC") ? (knowsEcdsa || rsa == NONE ? ec : NONE) : rsa;
        }
    }

    /** @param strict whether a name that nobody has is refused, instead of getting the first certificate */
    Identities(List<Identity> all, boolean strict) {
        this.all = List.copyOf(all);
        this.strict = strict;
        byName = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            var choice = Choice.of(i, all.get(i).keyType());
            for (var name : all.get(i).names()) {
                byName.merge(name, choice, Choice::or);
            }
        }
        first = firstChoice();
    }

    /** @param setting the list of them */
    static Identities read(String setting, List<CertificateFiles> files, boolean strict) {
        var all = new ArrayList<Identity>();
        for (int i = 0; i < files.size(); i++) {
            all.add(Identity.read(setting + "[" + i + "]", files.get(i)));
        }
        return new Identities(all, strict);
    }

    List<Identity> all() {
        return all;
    }

    /** When the first of them expires. */
    Instant expiry() {
        return all.stream().map(Identity::expiry).min(Instant::compareTo).orElse(Instant.MAX);
    }

    /**
     * The index of the one to show.
     *
     * @param name what the client asks for; null if for nothing
     * @param keyType the kind of key it has to be of; engines ask for one after the other, in the order of the cipher suites
     * @param knowsEcdsa whether the client can verify such a signature
     * @return null if there is none, or the name is refused
     */
    @Nullable
    Integer choose(@Nullable String name, String keyType, boolean knowsEcdsa) {
        var choice = name == null ? null : named(name.toLowerCase(Locale.ROOT));
        if (choice == null && strict) {
            return null;
        }
        int index = (choice == null ? first : choice).pick(keyType, knowsEcdsa);
        return index == Choice.NONE ? null : index;
    }

    /** A wildcard stands for exactly one label, the leftmost (RFC 9525 section 6.3); a name of its own comes before it. */
    private @Nullable Choice named(String name) {
        var exact = byName.get(name);
        int dot = name.indexOf('.');
        return exact != null || dot < 1 ? exact : byName.get("*" + name.substring(dot));
    }

    /** The first certificate, and one of the same name with the other kind of key. */
    private Choice firstChoice() {
        var identity = all.getFirst();
        var own = Choice.of(0, identity.keyType());
        return identity.names().stream()
                .findFirst()
                .map(byName::get)
                .map(same -> own.or(same))
                .orElse(own);
    }
}
