package dev.strongroom.conformance.subject;

import static org.junit.jupiter.api.Assumptions.abort;

import java.net.URI;

/**
 * A target that cannot be had here: whatever asks for it is reported as skipped, with the reason.
 *
 * @param reason what is missing
 */
record AbsentTarget(String name, String reason) implements Target {

    @Override
    public URI endpoint() {
        return abort(reason);
    }

    @Override
    public String accountId() {
        return abort(reason);
    }

    @Override
    public String accessKeyId() {
        return abort(reason);
    }

    @Override
    public String secretKey() {
        return abort(reason);
    }

    @Override
    public void close() {
        // Was never opened.
    }
}
