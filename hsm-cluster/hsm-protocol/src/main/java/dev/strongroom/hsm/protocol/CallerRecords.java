package dev.strongroom.hsm.protocol;

import java.util.List;
import java.util.Optional;

/**
 * Everything that a decision about a caller rests on, as of one moment.
 *
 * @param identity the access key and whose it is; of a session, whose access key has no record, the stamp is that of the
 *     record that the session rests on
 * @param openAccount whether principals of the caller's account need not exist to be named in policies and grants
 * @param holder the user or role; empty for the account root
 * @param attached the managed policies of the holder
 * @param boundary the managed policy that bounds what the holder may
 * @param session present if the credentials are temporary
 */
public record CallerRecords(
        CallerIdentity identity,
        boolean openAccount,
        Optional<HolderRecord> holder,
        List<PolicyRecord> attached,
        Optional<PolicyRecord> boundary,
        Optional<SessionRecord> session) {

    public CallerRecords {
        attached = List.copyOf(attached);
    }

    /** An account root, or somebody of whom nothing is known but whom the access key names. */
    public static CallerRecords of(CallerIdentity identity, boolean openAccount) {
        return new CallerRecords(
                identity, openAccount, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }
}
