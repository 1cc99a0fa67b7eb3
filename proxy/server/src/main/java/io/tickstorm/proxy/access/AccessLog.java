package io.tickstorm.proxy.access;

/** Who wants to know of requests and connections that have ended. Any thread, event loops included: nothing here blocks. */
public interface AccessLog {
    /** Nobody wants to know. */
    AccessLog NONE = new AccessLog() {
        @Override
        public boolean wants(boolean failed) {
            return false;
        }

        @Override
        public void ended(Entry entry) {}
    };

    /**
     * Whether an entry is to be built; asked for every request, at its end.
     *
     * @param failed as {@link Entry#failed} tells
     */
    boolean wants(boolean failed);

    /** Takes an entry at the moment of its end. What cannot be kept is dropped and counted. */
    void ended(Entry entry);
}
