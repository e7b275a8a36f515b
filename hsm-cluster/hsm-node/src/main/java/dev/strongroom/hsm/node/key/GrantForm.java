package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How long the parts of a grant may be (KMS API reference, CreateGrant; developer guide, "Quotas"). Which grants make sense
 * is for the client to say, whose word about permissions the node takes.
 */
public final class GrantForm {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern OPERATION = Pattern.compile("[A-Za-z]{1,64}");
    private static final int MAX_OPERATIONS = 32;
    private static final int MAX_NAME = 256;
    private static final int MAX_PRINCIPAL = 256;
    private static final int MAX_SOURCE = 512;
    private static final int MAX_PAIRS = 8;
    private static final int MAX_CONTEXT_NAME = 8_192;
    private static final int MAX_CONTEXT_VALUE = 384;

    private GrantForm() {}

    /** Refuses what no grant can look like. */
    public static void require(String id, GrantRecord.Terms terms) {
        require(ID.matcher(id).matches(), "the id of a grant has 64 hexadecimal digits");
        requireParty(terms.grantee());
        terms.retiring().ifPresent(GrantForm::requireParty);
        var operations = terms.operations();
        require(!operations.isEmpty() && operations.size() <= MAX_OPERATIONS, "a grant has 1 to 32 operations");
        for (int i = 0; i < operations.size(); i++) {
            boolean isNext = i == 0 || operations.get(i - 1).compareTo(operations.get(i)) < 0;
            require(
                    isNext && OPERATION.matcher(operations.get(i)).matches(),
                    "operations are words in order, each once");
        }
        requireLength(terms.name(), 0, MAX_NAME);
        terms.constraints().contextEquals().ifPresent(GrantForm::requirePairs);
        terms.constraints().contextSubset().ifPresent(GrantForm::requirePairs);
        terms.constraints().sourceArn().ifPresent(arn -> requireLength(arn, 1, MAX_SOURCE));
    }

    private static void requireParty(GrantRecord.Party party) {
        requireLength(party.name(), 1, MAX_PRINCIPAL);
        party.uniqueId().ifPresent(IdentityRules::requireMeant);
    }

    private static void requirePairs(Map<String, String> pairs) {
        require(pairs.size() <= MAX_PAIRS, "a constraint has at most 8 pairs");
        pairs.forEach((name, value) -> {
            requireLength(name, 1, MAX_CONTEXT_NAME);
            requireLength(value, 0, MAX_CONTEXT_VALUE);
        });
    }

    private static void requireLength(String text, int least, int most) {
        require(text.length() >= least && text.length() <= most, "a text in a grant is too short or too long");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Refused(Refusal.MALFORMED, otherwise);
        }
    }
}
