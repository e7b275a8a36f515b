package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.Condition.Quantifier;
import dev.strongroom.gateway.authz.PolicyDocument.Version;
import dev.strongroom.gateway.authz.Selection.Sense;
import dev.strongroom.gateway.authz.Statement.Effect;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random policies, callers and requests that have much to do with each other. */
final class PolicyMix {

    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    static final Scope SCOPE = new Scope("111122223333", "eu-west-1");
    static final KeyName KEY = new KeyName(SCOPE, "1234abcd-12ab-34cd-56ef-1234567890ab");

    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    private static final String ROLE = "arn:aws:iam::111122223333:role/app";
    private static final String SESSION = "arn:aws:sts::111122223333:assumed-role/app/s1";
    private static final String CAROL = "arn:aws:iam::444455556666:user/carol";

    private static final List<String> ACTIONS =
            List.of("kms:Encrypt", "kms:Decrypt", "kms:CreateGrant", "kms:PutKeyPolicy");

    private final Random random;

    PolicyMix(long seed) {
        this.random = new Random(seed);
    }

    @SafeVarargs
    private <T> T any(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    List<Statement> statements(int most) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(i -> statement())
                .toList();
    }

    Statement statement() {
        var principals =
                Stream.generate(this::principal).limit(1 + random.nextInt(2)).toList();
        var actions = Stream.generate(
                        () -> any("kms:*", "*", "kms:*", "kms:encrypt", "kms:*crypt", "kms:decrypt", "kms:c*"))
                .limit(1 + random.nextInt(2))
                .map(WildcardPattern::new)
                .toList();
        var resources = List.of(new WildcardPattern(any(
                "*",
                "*",
                "arn:aws:kms:*:111122223333:key/*",
                "arn:aws:kms:*:*:key/${kms:EncryptionContext:k}",
                "arn:x")));
        return new Statement(
                "",
                any(Effect.ALLOW, Effect.ALLOW, Effect.DENY),
                new Selection<>(sense(), principals),
                new Selection<>(sense(), actions),
                new Selection<>(sense(), resources),
                Stream.generate(this::condition)
                        .limit(Math.max(0, random.nextInt(5) - 2))
                        .toList());
    }

    private Sense sense() {
        return any(Sense.LISTED, Sense.LISTED, Sense.LISTED, Sense.ALL_BUT_LISTED);
    }

    private Principal principal() {
        return any(
                Principal.ANYONE,
                new Principal(Principal.Kind.ACCOUNT, "111122223333"),
                new Principal(Principal.Kind.ACCOUNT, "444455556666"),
                new Principal(Principal.Kind.IDENTITY, any(ALICE, ROLE, SESSION, CAROL)),
                new Principal(Principal.Kind.SERVICE, "logs.amazonaws.com"));
    }

    private Condition condition() {
        var key = any(
                "kms:EncryptionContext:k",
                "kms:EncryptionContextKeys",
                "aws:PrincipalArn",
                "aws:username",
                "aws:SecureTransport",
                "kms:ResourceAliases",
                "aws:CurrentTime",
                "kms:NoSuch");
        var values = Stream.generate(() ->
                        any("a", "b", "*", "k", "true", "false", "alias/*", ALICE, "2027-01-01", "${aws:username}"))
                .limit(random.nextInt(3))
                .toList();
        var operator = any(ConditionOperator.values());
        return new Condition(
                any(Quantifier.values()),
                operator,
                operator != ConditionOperator.NULL && random.nextBoolean(),
                key,
                values);
    }

    AttachedPolicy attached(List<Statement> statements) {
        return new AttachedPolicy(
                List.of(new Stamp(random.nextLong(), 1, 1)),
                CompiledPolicy.of(new PolicyDocument(Version.V2012_10_17, "", statements)));
    }

    /** Somebody, without policies. */
    Caller caller() {
        var arn = any(
                ALICE, SESSION, CAROL, "arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/f");
        return new Caller(new CallerIdentity(new Stamp(7, 7, 1), "AKIA", arn.split(":", -1)[4], arn));
    }

    GrantIndex grants(int most) {
        return GrantIndex.of(IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(i -> grant("g" + i))
                .toList());
    }

    Grant grant(String id) {
        var operations = Stream.generate(() -> any(
                        GrantOperation.ENCRYPT,
                        GrantOperation.DECRYPT,
                        GrantOperation.CREATE_GRANT,
                        GrantOperation.DESCRIBE_KEY))
                .limit(3)
                .toList();
        var constraints = new GrantConstraints(
                random.nextInt(3) == 0 ? Optional.of(context()) : Optional.empty(),
                random.nextInt(3) == 0 ? Optional.of(context()) : Optional.empty(),
                random.nextInt(6) == 0 ? Optional.of("arn:aws:s3:::b") : Optional.empty());
        return new Grant(
                new Stamp(id.hashCode(), 9, 1),
                id,
                new GrantTerms(principal(), Optional.empty(), Set.copyOf(operations), constraints, any("", "n", "m")),
                "111122223333",
                NOW);
    }

    Map<String, String> context() {
        var context = new HashMap<String, String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            context.put(any("k", "K", "l", "m"), any("a", "b"));
        }
        return context;
    }

    KeyFacts key(List<Statement> policy, GrantIndex grants) {
        var record = new KeyRecord(
                new Stamp(1, 1, 1),
                KEY,
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false, NOW),
                KeyRecord.Lifecycle.of(KeyState.ENABLED),
                new KeyRecord.Documents("", "", List.of()),
                KeyRecord.Material.NONE);
        return new KeyFacts(
                record,
                CompiledPolicy.of(new PolicyDocument(Version.V2012_10_17, "", policy)),
                grants,
                () -> new KeyAliases(List.of(new Stamp(2, 2, 2)), List.of("alias/a")),
                Optional.empty());
    }

    AccessRequest request(KeyFacts key) {
        return new AccessRequest(
                ACTIONS.get(random.nextInt(ACTIONS.size())),
                Resource.Key.of(key),
                environment(any(Optional.empty(), Optional.of("arn:aws:s3:::b"))),
                context(),
                ConditionKeys.NONE);
    }

    static RequestEnvironment environment(Optional<String> sourceArn) {
        return new RequestEnvironment(
                NOW, Optional.of("203.0.113.7"), true, Optional.empty(), Optional.empty(), "eu-west-1", sourceArn);
    }

    <T> List<T> shuffled(List<T> list) {
        var shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
