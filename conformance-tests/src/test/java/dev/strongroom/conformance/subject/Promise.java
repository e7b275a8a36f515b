package dev.strongroom.conformance.subject;

/** What AWS KMS and Strongroom promise and an emulator may not: a scenario that rests on one says so at its beginning. */
public enum Promise {
    CHECKED_SIGNATURES("does not check signatures"),
    DRY_RUN("ignores DryRun"),
    EXACT_TEXTS("words its errors in its own way"),
    /** A choice of ours: AWS has SM2 in its Chinese Regions only. */
    SM2_EVERYWHERE("has no SM2 in this Region");

    private final String otherwise;

    Promise(String otherwise) {
        this.otherwise = otherwise;
    }

    /** What a target does that does not keep it. */
    String otherwise() {
        return otherwise;
    }
}
