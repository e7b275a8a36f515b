package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;

/**
 * A permission to use a key that somebody handed to somebody else (KMS developer guide, "Grants in AWS KMS").
 *
 * @param stamp its record
 * @param id 64 hexadecimal digits
 * @param issuingAccount twelve digits: the account of whoever made it
 */
public record Grant(Stamp stamp, String id, GrantTerms terms, String issuingAccount, Instant created) {

    /** The grant of a record. */
    public static Grant of(GrantRecord record) {
        return new Grant(
                record.stamp(), record.id(), GrantTerms.of(record.terms()), record.issuingAccount(), record.created());
    }
}
