package dev.strongroom.hsm.node.audit;

/**
 * Something in a trail that is not as its node wrote it.
 *
 * @param node whose trail, as far as known
 * @param seq the record it was found at, or the last good one before
 * @param what in words
 */
public record Finding(String node, long seq, String what) {

    @Override
    public String toString() {
        return node + ": at record " + seq + ": " + what;
    }
}
