package dev.strongroom.gateway.authz;

/** A policy ready to be asked many times. Immutable; made once for each revision of the record it stands in. */
public final class CompiledPolicy {

    private final PolicyDocument document;

    private CompiledPolicy(PolicyDocument document) {
        this.document = document;
    }

    public static CompiledPolicy of(PolicyDocument document) {
        return new CompiledPolicy(document);
    }

    /** What it was made from. */
    public PolicyDocument document() {
        return document;
    }
}
