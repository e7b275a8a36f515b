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
     * What is granted to whom.
     *
     * @param retiring who may end it besides
     * @param operations as the KMS API calls them, ascending, each once
     * @param name empty if none was given
     */
    public record Terms(
            Party grantee, Optional<Party> retiring, List<String> operations, Constraints constraints, String name) {

        public Terms {
            operations = List.copyOf(operations);
        }

        /** For whoever has those names. */
        public Terms(
                String grantee,
                Optional<String> retiring,
                List<String> operations,
                Constraints constraints,
                String name) {
            this(Party.of(grantee), retiring.map(Party::of), operations, constraints, name);
        }
    }

    /**
     * Somebody whom a grant names.
     *
     * @param name an ARN, that of its root for an account, or the name of a service
     * @param uniqueId of the user, role or session that had the ARN when the grant was made; the grant means it and nobody
     *     else who comes to have the ARN
     */
    public record Party(String name, Optional<String> uniqueId) {

        /** Whoever has that name. */
        public static Party of(String name) {
            return new Party(name, Optional.empty());
        }

        /** What a caller has to be called to be meant. */
        public String meant() {
            return uniqueId.orElse(name);
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
