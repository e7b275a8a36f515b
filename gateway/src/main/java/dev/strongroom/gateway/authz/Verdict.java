package dev.strongroom.gateway.authz;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.List;
import java.util.Optional;

/** Whether a caller may do what it asks. */
public sealed interface Verdict {

    /**
     * It may, as long as the records are as they were.
     *
     * @param key the KMS key's record, if it is about a key
     * @param others all other records that the yes rests on: the access key, the user or role, every policy that counts,
     *     the alias, the grant; each once
     * @param grant relied on, if no policy allows
     */
    record Allowed(Optional<Stamp> key, List<Stamp> others, Optional<Grant> grant) implements Verdict {
        public Allowed {
            others = List.copyOf(others);
        }
    }

    /**
     * It may not.
     *
     * @param text for the caller
     * @param isHidden whether it is about a key of another account that lets the caller do nothing of the kind: nobody may
     *     learn from the text that there is one ({@link Resource.Absent})
     */
    record Denied(DenialReason reason, String text, boolean isHidden) implements Verdict {

        /** AccessDeniedException. */
        public KmsException exception() {
            return KmsException.of(KmsError.ACCESS_DENIED, text);
        }
    }
}
