package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.KeyRecord.Documents;
import dev.strongroom.hsm.protocol.KeyRecord.Tag;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;

/** How long the texts on a key may be (AWS KMS API reference; developer guide, "Quotas"). */
public final class DocumentRules {

    public static final int MAX_DESCRIPTION_CHARACTERS = 8_192;
    public static final int MAX_POLICY_BYTES = 32_768;
    public static final int MAX_TAGS = 50;
    public static final int MAX_TAG_KEY_CHARACTERS = 128;
    public static final int MAX_TAG_VALUE_CHARACTERS = 256;

    private static final String RESERVED = "aws:";

    private DocumentRules() {}

    /** Refuses documents that no key may carry. */
    public static void require(Documents documents) {
        requireDescription(documents.description());
        requirePolicy(documents.policy());
        requireTags(documents.tags());
    }

    static Documents withDescription(Documents documents, String description) {
        requireDescription(description);
        return new Documents(description, documents.policy(), documents.tags());
    }

    static Documents withPolicy(Documents documents, ResourcePolicy policy) {
        requirePolicy(policy);
        return new Documents(documents.description(), policy, documents.tags());
    }

    static Documents withTags(Documents documents, List<Tag> tags) {
        requireTags(tags);
        return new Documents(documents.description(), documents.policy(), tags);
    }

    private static void requireDescription(String description) {
        if (description.length() > MAX_DESCRIPTION_CHARACTERS) {
            throw new Refused(Refusal.MALFORMED, "a description has at most 8192 characters");
        }
    }

    private static void requirePolicy(ResourcePolicy policy) {
        if (policy.text().isEmpty()) {
            throw new Refused(Refusal.MALFORMED, "a key has a policy");
        }
        int bytes = policy.text().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_POLICY_BYTES) {
            throw new Refused(Refusal.LIMIT_EXCEEDED, Integer.toString(bytes));
        }
        IdentityRules.requirePrincipals(policy);
    }

    private static void requireTags(List<Tag> tags) {
        if (tags.size() > MAX_TAGS) {
            throw new Refused(Refusal.LIMIT_EXCEEDED, Integer.toString(tags.size()));
        }
        var keys = new HashSet<String>();
        for (var tag : tags) {
            boolean wellFormed = !tag.key().isEmpty()
                    && tag.key().length() <= MAX_TAG_KEY_CHARACTERS
                    && tag.value().length() <= MAX_TAG_VALUE_CHARACTERS
                    && !tag.key().regionMatches(true, 0, RESERVED, 0, RESERVED.length());
            if (!wellFormed || !keys.add(tag.key())) {
                throw new Refused(Refusal.MALFORMED, "a tag is too long, reserved or given twice");
            }
        }
    }
}
