package dev.strongroom.conformance.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.gateway.authz.Grant;
import dev.strongroom.gateway.authz.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The decision table, asked of the evaluator itself. */
class DecisionTableTest {

    private static final String HIDDEN = "on the resource associated with this ciphertext ";
    private static final String HIDDEN_KEY = HIDDEN
            + "because the resource does not exist in this Region, no resource-based policies allow access, or a"
            + " resource-based policy explicitly denies access";

    @ParameterizedTest
    @MethodSource("rows")
    void decides(DecisionRow row) {
        assertEquals(expected(row), actual(Evaluation.verdict(row)), row::toString);
    }

    private static List<DecisionRow> rows() {
        return DecisionTable.rows();
    }

    @Test
    void theTableIsLongAndSaysNothingTwice() {
        var rows = DecisionTable.rows();
        assertTrue(rows.size() >= 400, () -> "only " + rows.size() + " rows");
        assertEquals(
                rows.size(), rows.stream().map(DecisionRow::toString).distinct().count());
    }

    /** {@code allow …}, or the text of the refusal. */
    static String actual(Verdict verdict) {
        if (verdict instanceof Verdict.Denied denied) {
            return denied.text();
        }
        var grant = ((Verdict.Allowed) verdict).grant();
        return grant.map(Grant::id).map(id -> "allow by " + id).orElse("allow");
    }

    /** {@code allow …}, or the text of the refusal. */
    static String expected(DecisionRow row) {
        if (row.outcome().startsWith("allow")) {
            return row.outcome();
        }
        var action = "kms:" + row.action();
        var start = "User: " + row.caller().arn() + " is not authorized to perform: " + action + " ";
        if (row.target().equals("ciphertext")) {
            return start + (row.outcome().endsWith("-resource") ? HIDDEN_KEY : HIDDEN + reason(row.outcome(), action));
        }
        var resource = switch (row.target()) {
            case "key" -> DecisionTable.KEY_ARN;
            case "any" -> "*";
            default -> "arn:aws:kms:eu-west-1:111122223333:" + row.target();
        };
        return start + "on resource: " + resource + " " + reason(row.outcome(), action);
    }

    private static String reason(String outcome, String action) {
        return switch (outcome) {
            case "no-resource" -> "because no resource-based policy allows the " + action + " action";
            case "no-identity" -> "because no identity-based policy allows the " + action + " action";
            case "no-boundary" -> "because no permissions boundary allows the " + action + " action";
            case "no-session" -> "because no session policy allows the " + action + " action";
            case "deny-resource" -> "with an explicit deny in a resource-based policy";
            case "deny-identity" -> "with an explicit deny in an identity-based policy";
            case "deny-boundary" -> "with an explicit deny in a permissions boundary";
            case "deny-session" -> "with an explicit deny in a session policy";
            default -> throw new IllegalArgumentException("no such outcome: " + outcome);
        };
    }
}
