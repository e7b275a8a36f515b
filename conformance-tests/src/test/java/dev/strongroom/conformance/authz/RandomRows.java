package dev.strongroom.conformance.authz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Random paragraphs of the decision table, without outcomes. They keep to what the simulator and the documentation have in
 * common: no grants, no services, no NotPrincipal, no variable without a value under a negated
 * operator, no ForAnyValue with IfExists, boundary and session policies only where nobody is named as anyone or by
 * the session.
 */
final class RandomRows {

    private final Random random;

    private RandomRows(long seed) {
        this.random = new Random(seed);
    }

    /** Some rows of one random situation. */
    static List<DecisionRow> of(long seed) {
        return new RandomRows(seed).rows(seed);
    }

    private String any(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private List<DecisionRow> rows(long seed) {
        var draft = new Situation.Draft("random", "seed " + seed);
        boolean isCapped = random.nextInt(4) == 0;
        if (random.nextInt(8) == 0) {
            draft.read(new Words("version 2008-10-17"));
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            draft.read(new Words("key: " + effect() + " " + who(isCapped) + " " + statement(true)));
        }
        for (var name : List.of("alice", "role.app", "carol")) {
            for (int i = random.nextInt(3); i > 0; i--) {
                draft.read(new Words("identity " + name + ": " + effect() + " " + statement(false)));
            }
        }
        if (isCapped) {
            draft.read(new Words("boundary role.app: allow " + statement(false)));
            draft.read(new Words("boundary alice: allow " + statement(false)));
            draft.read(new Words("session app.s1: allow " + statement(false)));
        }
        draft.read(new Words("caller alice tag:dept=" + any("it", "hr")));
        draft.read(new Words("caller role.app tag:dept=it"));
        draft.read(new Words("key tag:dept=it aliases=alias/first,alias/it"));
        var situation = draft.finish();
        return IntStream.range(0, 6)
                .mapToObj(i -> DecisionRow.of(situation, request() + " -> ?"))
                .toList();
    }

    private String effect() {
        return any("allow", "allow", "allow", "deny");
    }

    private String who(boolean isCapped) {
        var one = isCapped
                ? any("A", "alice", "role.app", "carol", "B")
                : any(
                        "A",
                        "A",
                        "AWS={A}".replace("{A}", Cast.A_ROOT.accountId()),
                        "alice",
                        "bob",
                        "role.app",
                        "app.s1",
                        "carol",
                        "B",
                        "AWS=*");
        return random.nextInt(4) == 0 ? one + ",bob" : one;
    }

    private String statement(boolean isOfKey) {
        var what = any(
                "kms:*",
                "kms:*",
                "kms:Encrypt",
                "kms:Encrypt,kms:Decrypt",
                "kms:*crypt",
                "kms:?ncrypt",
                "kms:D*",
                "not(kms:Decrypt)",
                "*");
        var resource = any(
                "",
                "",
                "",
                " on " + DecisionTable.KEY_ARN,
                " on arn:aws:kms:*:*:key/*",
                " on arn:aws:kms:eu-west-1:111122223333:key/1234*ab",
                " on arn:aws:kms:us-east-1:111122223333:key/*",
                " on not(arn:aws:kms:*:444455556666:*)");
        var conditions = Stream.generate(() -> condition(isOfKey))
                .limit(random.nextInt(3))
                .toList();
        return what + resource + (conditions.isEmpty() ? "" : " if " + String.join(" and ", conditions));
    }

    private String condition(boolean isOfKey) {
        var strings = any(
                "StringEquals",
                "StringNotEquals",
                "StringLike",
                "StringNotLike",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase");
        var ifExists = any("", "", "IfExists");
        return switch (random.nextInt(isOfKey ? 9 : 10)) {
            case 0, 1, 2 ->
                strings + ifExists + " kms:EncryptionContext:dept "
                        + any("it", "i*", "IT", "h?", "it|hr", "*", variable(strings));
            case 3 ->
                any("ForAllValues:", "ForAnyValue:") + strings + " kms:EncryptionContextKeys "
                        + any("dept", "d*", "dept|stage", "STAGE");
            case 4 ->
                any("IpAddress", "NotIpAddress") + ifExists + " aws:SourceIp "
                        + any("203.0.113.0/24", "203.0.113.7", "10.0.0.0/8|203.0.113.0/25", "2001:db8::/32");
            case 5 ->
                "Bool" + ifExists + " " + any("aws:SecureTransport", "aws:MultiFactorAuthPresent") + " "
                        + any("true", "false");
            case 6 ->
                "Null " + any("kms:EncryptionContext:dept", "aws:SourceIp", "aws:username") + " "
                        + any("true", "false");
            case 7 ->
                any("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike") + ifExists + " aws:PrincipalArn "
                        + any(
                                "arn:aws:iam::111122223333:user/alice",
                                "arn:aws:iam::111122223333:*",
                                "arn:aws:iam::*:role/app",
                                "arn:*:iam::444455556666:user/?arol");
            case 8 ->
                any("DateLessThan", "DateGreaterThan", "DateLessThanEquals", "DateGreaterThanEquals") + ifExists
                        + " aws:CurrentTime "
                        + any("2026-11-26T12:00:00Z", "2026-11-26T11:59:59Z", "2027-01-01T00:00:00Z", "2025-01-01");
            default ->
                "ForAnyValue:StringLike kms:ResourceAliases "
                        + any("alias/f*", "alias/${aws:PrincipalTag/dept}", "alias/x");
        };
    }

    /** Some callers have no value. What a negated operator makes of that, the simulator and the guide see differently. */
    private String variable(String operator) {
        return operator.contains("Not") ? "it" : any("${aws:username}", "${aws:PrincipalTag/dept}");
    }

    private String request() {
        var words = new ArrayList<String>();
        words.add(any("A", "alice", "alice", "bob", "app.s1", "app.s1", "app.s2", "carol", "B"));
        var action = any("Encrypt", "Decrypt", "DescribeKey");
        words.add(action);
        boolean hasContext = !action.equals("DescribeKey");
        if (hasContext && random.nextBoolean()) {
            words.add("ctx:dept=" + any("it", "IT", "hr", "alice", "a*", "app"));
        }
        if (hasContext && random.nextInt(3) == 0) {
            words.add("ctx:stage=prod");
        }
        if (random.nextBoolean()) {
            words.add("aws:SourceIp=" + any("203.0.113.7", "203.0.113.200", "10.1.1.1", "2001:db8::1"));
        }
        if (random.nextInt(4) == 0) {
            words.add("aws:SecureTransport=false");
        }
        return String.join(" ", words);
    }
}
