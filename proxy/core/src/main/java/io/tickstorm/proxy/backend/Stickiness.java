package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.time.Ticker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which upstream a client belongs to. Any thread; no lock. */
sealed interface Stickiness {
    /** The member that the client of these attempts was at before; null if it has none, or none that is known here. */
    @Nullable
    Member home(Attempts attempts, List<Member> members);

    /** The client of these attempts belongs to this member from now on. */
    void placed(Attempts attempts, Member home);

    /** @throws IllegalArgumentException if the secrets of the cookie cannot be had, with what is wrong */
    static Stickiness of(@Nullable StickinessSettings settings, Ticker ticker) {
        return switch (settings) {
            case null -> None.NONE;
            case StickinessSettings.Cookie cookie -> new ByCookie(StickyCookie.of(cookie));
            case StickinessSettings.SourceIp sourceIp -> new BySourceIp(new SourceTable(sourceIp, ticker));
        };
    }

    /** Nobody belongs anywhere. */
    enum None implements Stickiness {
        NONE;

        @Override
        public @Nullable Member home(Attempts attempts, List<Member> members) {
            return null;
        }

        @Override
        public void placed(Attempts attempts, Member home) {}
    }

    /** The client says where it belongs. */
    final class ByCookie implements Stickiness {
        private final StickyCookie cookie;
        private volatile Names names = Names.of(List.of());

        ByCookie(StickyCookie cookie) {
            this.cookie = cookie;
        }

        StickyCookie cookie() {
            return cookie;
        }

        @Override
        public @Nullable Member home(Attempts attempts, List<Member> members) {
            var target = attempts.target();
            if (target == null) {
                return null;
            }
            var known = names;
            if (known.members() != members) {
                known = Names.of(members);
                names = known;
            }
            return known.byName().get(target);
        }

        @Override
        public void placed(Attempts attempts, Member home) {}

        /** Members by what cookies call them, worked out once for each list. */
        private record Names(List<Member> members, Map<String, Member> byName) {
            static Names of(List<Member> members) {
                var byName = HashMap.<String, Member>newHashMap(members.size());
                for (var member : members) {
                    byName.put(StickyCookie.name(member.upstream().id()), member);
                }
                return new Names(members, byName);
            }
        }
    }

    /** We remember where it belongs. */
    final class BySourceIp implements Stickiness {
        private final SourceTable table;

        BySourceIp(SourceTable table) {
            this.table = table;
        }

        @Override
        public @Nullable Member home(Attempts attempts, List<Member> members) {
            return table.get(attempts.key());
        }

        @Override
        public void placed(Attempts attempts, Member home) {
            table.put(attempts.key(), home);
        }
    }
}
