package dev.strongroom.hsm.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A grant as of one revision; it is never changed, only ended.
 *
 * @param key whose use it gives
 * @param id 64 hexadecimal digits
 * @param issuingAccount twelve digits: the account of whoever made it
 */
public record GrantRecord(Stamp stamp, KeyName key, String id, Terms terms, String issuingAccount, Instant created) {

    /**
     * What is granted to whom. Principals are ARNs, that of its root for an account, or the name of a service.
     *
     * @param retiring who may end it besides
     * @param operations as the KMS API calls them, ascending, each once
     * @param name empty if none was given
     */
    public record Terms(
            String grantee, Optional<String> retiring, List<String> operations, Constraints constraints, String name) {

        public Terms {
            operations = List.copyOf(operations);
        }
    }

    /**
     * What a request must bring.
     *
     * @param contextEquals its encryption context; names are compared without regard to case
     * @param contextSubset pairs that its encryption context must hold
     * @param sourceArn the resource that the grantee must act for
     */
    public record Constraints(
            Optional<Map<String, String>> contextEquals,
            Optional<Map<String, String>> contextSubset,
            Optional<String> sourceArn) {

        public Constraints {
            contextEquals = contextEquals.map(Map::copyOf);
            contextSubset = contextSubset.map(Map::copyOf);
        }
    }
}
