package dev.strongroom.conformance.bench;

import dev.strongroom.gateway.authz.AccessDecision;
import dev.strongroom.gateway.authz.AccessRequest;
import dev.strongroom.gateway.authz.AttachedPolicy;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.CallerPolicies;
import dev.strongroom.gateway.authz.CallerPrincipal;
import dev.strongroom.gateway.authz.CompiledPolicy;
import dev.strongroom.gateway.authz.ConditionKeys;
import dev.strongroom.gateway.authz.Grant;
import dev.strongroom.gateway.authz.GrantConstraints;
import dev.strongroom.gateway.authz.GrantIndex;
import dev.strongroom.gateway.authz.GrantOperation;
import dev.strongroom.gateway.authz.GrantTerms;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.gateway.authz.KeyAliases;
import dev.strongroom.gateway.authz.KeyFacts;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.gateway.authz.Principal;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a decision costs on the hot path. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class DecisionBenchmark {

    private static final String ACCOUNT = "111122223333";
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Map<String, String> CONTEXT = Map.of("dept", "it", "volume", "v49999");
    private static final String WRITERS = "'Effect':'Allow','Action':['kms:Encrypt','kms:Decrypt','kms:ReEncrypt*',"
            + "'kms:GenerateDataKey*','kms:DescribeKey'],'Resource':'*'";

    private final Caller root = caller("arn:aws:iam::111122223333:root", List.of());
    private final Caller alice = caller("arn:aws:iam::111122223333:user/alice", List.of());
    private final Caller session = caller(
            "arn:aws:sts::111122223333:assumed-role/app/s1",
            List.of(
                    "{'Version':'2012-10-17','Statement':{" + WRITERS
                            + ",'Condition':{'StringEquals':{'kms:EncryptionContext:dept':'it'},'Bool':{'aws:SecureTransport':'true'}}}}",
                    "{'Version':'2012-10-17','Statement':{'Effect':'Deny','Action':'kms:*','Resource':'*','Condition':"
                            + "{'NotIpAddress':{'aws:SourceIp':['10.0.0.0/8','203.0.113.0/24']}}}}"));

    private final AccessRequest byDefault = encrypt(KeyPolicy.defaultText(ACCOUNT), GrantIndex.empty());
    private final AccessRequest byName = encrypt(
            "{'Statement':[{'Effect':'Allow','Action':'kms:*','Resource':'*','Principal':{'AWS':'arn:aws:iam::111122223333:role/admin'}},{"
                    + WRITERS
                    + ",'Principal':{'AWS':['arn:aws:iam::111122223333:user/bob','arn:aws:iam::111122223333:user/alice']}}]}",
            GrantIndex.empty());
    private final AccessRequest byLongPolicy = encrypt(
            IntStream.range(0, 130)
                    .mapToObj(i -> "{" + WRITERS + ",'Principal':{'AWS':'arn:aws:iam::111122223333:user/"
                            + (i == 129 ? "alice" : "u" + i) + "'}}")
                    .collect(Collectors.joining(",", "{'Statement':[", "]}")),
            GrantIndex.empty());
    private final AccessRequest byGrant = encrypt(
            "{'Statement':{'Effect':'Allow','Action':'kms:*','Resource':'*','Principal':{'AWS':'arn:aws:iam::111122223333:user/bob'}}}",
            grants());

    @Benchmark
    public Verdict rootByTheDefaultPolicy() {
        return AccessDecision.decide(root, byDefault);
    }

    @Benchmark
    public Verdict userByName() {
        return AccessDecision.decide(alice, byName);
    }

    @Benchmark
    public Verdict sessionByTwoIdentityPoliciesWithConditions() {
        return AccessDecision.decide(session, byDefault);
    }

    @Benchmark
    public Verdict userByTheLastOf130Statements() {
        return AccessDecision.decide(alice, byLongPolicy);
    }

    @Benchmark
    public Verdict userByOneOf50000Grants() {
        return AccessDecision.decide(alice, byGrant);
    }

    private static Caller caller(String arn, List<String> policies) {
        return new Caller(
                new CallerIdentity(new Stamp(7, 7, 1), "AKIA", ACCOUNT, arn),
                CallerPrincipal.of(ACCOUNT, arn),
                List.of(new Stamp(8, 8, 1)),
                CallerPolicies.of(policies.stream()
                        .map(text -> new AttachedPolicy(
                                List.of(new Stamp(text.hashCode(), 9, 1)),
                                CompiledPolicy.of(
                                        IdentityPolicy.parse(text.replace('\'', '"'), IdentityPolicy.Use.MANAGED))))
                        .toList()));
    }

    private static AccessRequest encrypt(String policy, GrantIndex grants) {
        var text = policy.replace('\'', '"');
        var record = new KeyRecord(
                new Stamp(1, 1, 1),
                new KeyName(
                        new dev.strongroom.hsm.protocol.Scope(ACCOUNT, "eu-west-1"),
                        "1234abcd-12ab-34cd-56ef-1234567890ab"),
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false, NOW),
                KeyRecord.Lifecycle.of(KeyState.ENABLED),
                new KeyRecord.Documents("", text, List.of()),
                KeyRecord.Material.NONE);
        var key = new KeyFacts(
                record, CompiledPolicy.of(KeyPolicy.parse(text)), grants, KeyAliases::none, Optional.empty());
        var environment = new RequestEnvironment(
                NOW,
                Optional.of("203.0.113.7"),
                true,
                Optional.of("sdk"),
                Optional.empty(),
                "eu-west-1",
                Optional.empty());
        return new AccessRequest("kms:Encrypt", Resource.Key.of(key), environment, CONTEXT, ConditionKeys.NONE);
    }

    private static GrantIndex grants() {
        var alice = Principal.ofGrant("arn:aws:iam::111122223333:user/alice");
        return GrantIndex.of(IntStream.range(0, 50_000)
                .mapToObj(i -> new Grant(
                        new Stamp(i, 10, 1),
                        "g" + i,
                        new GrantTerms(
                                alice,
                                Optional.empty(),
                                Set.of(GrantOperation.ENCRYPT, GrantOperation.DECRYPT),
                                GrantConstraints.containing(Map.of("dept", "it", "volume", "v" + i)),
                                ""),
                        ACCOUNT,
                        NOW))
                .toList());
    }
}
