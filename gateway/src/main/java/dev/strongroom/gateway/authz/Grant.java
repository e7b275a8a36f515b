package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;

/**
 * A permission to use a key that somebody handed to somebody else (KMS developer guide, "Grants in AWS KMS").
 *
 * @param stamp its record
 * @param id 64 hexadecimal digits
 * @param tokenHash of the grant token; empty if tokens say by themselves which grant they are of
 * @param issuingAccount twelve digits: the account of whoever made it
 */
public record Grant(
        Stamp stamp, String id, Bytes tokenHash, GrantTerms terms, String issuingAccount, Instant created) {}
