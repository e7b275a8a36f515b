package dev.strongroom.hsm.protocol;

import java.util.Optional;

/** Ends a call that the node refused. It is expected, so it carries no stack trace. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final String detail;
    private final transient Optional<KeyRecord> fresh;

    public Refused(Refusal refusal) {
        this(refusal, "", Optional.empty());
    }

    public Refused(Refusal refusal, String detail) {
        this(refusal, detail, Optional.empty());
    }

    /**
     * @param detail one line without secrets, may be empty
     * @param fresh with {@link Refusal#STALE}: the key's record as it is now, if the key was what is stale
     */
    public Refused(Refusal refusal, String detail, Optional<KeyRecord> fresh) {
        super(detail.isEmpty() ? refusal.name() : refusal + ": " + detail, null, false, false);
        this.refusal = refusal;
        this.detail = detail;
        this.fresh = fresh;
    }

    public Refusal refusal() {
        return refusal;
    }

    public String detail() {
        return detail;
    }

    public Optional<KeyRecord> fresh() {
        return fresh;
    }
}
