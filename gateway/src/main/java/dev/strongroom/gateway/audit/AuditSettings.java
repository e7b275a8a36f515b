package dev.strongroom.gateway.audit;

/**
 * When a file is set aside and how many are kept.
 *
 * @param maxBytes a file that would grow beyond it is set aside first
 * @param keep how many set-aside files are kept; {@link #KEEP_ALL} to leave that to the operator
 */
public record AuditSettings(long maxBytes, int keep) {

    public static final int KEEP_ALL = 0;

    private static final long USUAL_BYTES = 64L << 20;

    public AuditSettings {
        if (maxBytes < 1 || keep < 0) {
            throw new IllegalArgumentException("a file has room for some bytes, and at least 0 files are kept");
        }
    }

    /** 64 MiB a file, and nothing is ever deleted. */
    public static AuditSettings usual() {
        return new AuditSettings(USUAL_BYTES, KEEP_ALL);
    }
}
