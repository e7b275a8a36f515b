package dev.strongroom.hsm.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A user or a role, as of one revision.
 *
 * @param arn {@code arn:aws:iam::A:user/path/name} or {@code arn:aws:iam::A:role/path/name}
 * @param uniqueId such as {@code AIDA…} or {@code AROA…}; no other user or role ever had it
 * @param tags values by key
 * @param inlinePolicies documents by name
 */
public record HolderRecord(
        Stamp stamp, String arn, String uniqueId, Map<String, String> tags, Map<String, String> inlinePolicies) {

    public HolderRecord {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        inlinePolicies = Collections.unmodifiableMap(new TreeMap<>(inlinePolicies));
    }
}
