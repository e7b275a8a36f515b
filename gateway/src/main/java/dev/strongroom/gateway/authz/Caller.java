package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.CallerIdentity;

/**
 * The authenticated signer of a request.
 *
 * @param identity whom the access key belongs to
 */
public record Caller(CallerIdentity identity) {

    /** Twelve digits. */
    public String accountId() {
        return identity.accountId();
    }

    /** As it stands in refusals, such as {@code arn:aws:iam::111122223333:root}. */
    public String principalArn() {
        return identity.principalArn();
    }
}
