package dev.strongroom.gateway.authz;

/**
 * What one decision may cost, in steps: a character looked at, a value compared, a grant weighed. Policies and requests are
 * written by callers, and what one of them can make a gateway do has to have an end. Whoever reaches it is refused.
 */
final class Effort {

    /**
     * Some milliseconds. The longest policy of ordinary statements takes less than a hundredth; only a policy and a
     * request made for each other reach it.
     */
    static final long ENOUGH = 4_000_000;

    private final long limit;
    private long spent;

    private Effort(long limit) {
        this.limit = limit;
    }

    static Effort forOneDecision() {
        return new Effort(ENOUGH);
    }

    /** Of a single comparison of bounded size. */
    static Effort unlimited() {
        return new Effort(Long.MAX_VALUE);
    }

    /** @throws Exhausted if that was too much */
    void spend(long steps) {
        spent += steps;
        if (spent > limit) {
            throw new Exhausted();
        }
    }

    long spent() {
        return spent;
    }

    /** Ends a decision. Never leaves this package. */
    static final class Exhausted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Exhausted() {
            super("a decision took too many steps", null, false, false);
        }
    }
}
