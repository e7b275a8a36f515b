package dev.strongroom.conformance.authz;

import dev.strongroom.conformance.scenario.Wrapping;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;

/**
 * The KMS key of a paragraph of the decision table, made in the node with all that the paragraph says of it: policy, tags,
 * aliases, grants. The key id that the table writes stands for the one that it has here.
 */
final class LiveKey implements AutoCloseable {

    private static final Scope SCOPE = new Scope(Cast.A_ROOT.accountId(), DecisionTable.REGION);
    private static final String OTHER_REGION = "us-west-2";

    private final LiveStage stage;
    private final KeyRecord key;

    private LiveKey(LiveStage stage, KeyRecord key) {
        this.stage = stage;
        this.key = key;
    }

    static LiveKey of(LiveStage stage, Situation situation) {
        var traits = situation.key().traits();
        var type = traits.get("multi-region");
        var random = UUID.randomUUID().toString();
        // Policies may speak of the beginning or the end of the table's id.
        var id = type == null
                ? DecisionTable.KEY_ID.substring(0, 8) + random.substring(8, 32) + DecisionTable.KEY_ID.substring(32)
                : "mrk-" + random.replace("-", "");
        var made = new ChangeCommand.NewKey(
                KeySpec.valueOf(traits.getOrDefault("spec", "SYMMETRIC_DEFAULT")),
                KeyUsage.valueOf(traits.getOrDefault("usage", "ENCRYPT_DECRYPT")),
                Origin.valueOf(traits.getOrDefault("origin", "AWS_KMS")),
                type != null);
        var tags = LiveStage.prefixed(traits, "tag:").entrySet().stream()
                .map(tag -> new KeyRecord.Tag(tag.getKey(), tag.getValue()))
                .toList();
        var policy = new ResourcePolicy(written(situation.key().policy(), id), ids(situation.key()));
        var documents = new KeyRecord.Documents("", policy, tags);
        var live = new LiveKey(
                stage,
                "REPLICA".equals(type)
                        ? replica(stage, id, made, documents)
                        : created(stage, new KeyName(SCOPE, id), made, documents));
        Words.split(traits.getOrDefault("aliases", ""), ",").forEach(live::alias);
        situation.grants().forEach(line -> live.grant(line, ids(situation.key())));
        return live;
    }

    private static Map<String, String> ids(Situation.Key key) {
        return key.ids().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> LiveStage.asHere(each.getValue())));
    }

    private static KeyRecord replica(
            LiveStage stage, String id, ChangeCommand.NewKey made, KeyRecord.Documents documents) {
        var first = created(stage, new KeyName(new Scope(SCOPE.accountId(), OTHER_REGION), id), made, documents);
        var primary = made.origin() == Origin.EXTERNAL ? imported(stage, first) : first;
        var shared = multiRegion(primary);
        return stage.ask(new ChangeCommand.ReplicateKey(
                        UUID.randomUUID(), new Authority(primary.stamp(), List.of(shared)), SCOPE.region(), documents))
                .key();
    }

    /** A key that has no material is not replicated. */
    private static KeyRecord imported(LiveStage stage, KeyRecord key) {
        var authority = new Authority(key.stamp(), List.of(multiRegion(key)));
        var parameters = stage.ask(new ImportCommand.MakeImportParameters(
                authority, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, WrappingKeySpec.RSA_2048));
        var wrapped = Wrapping.wrap(
                AlgorithmSpec.RSA_AES_KEY_WRAP_SHA_256,
                SdkBytes.fromByteArray(parameters.publicKey().toArray()),
                Wrapping.rsaPair(2_048).getPrivate().getEncoded());
        var none = Optional.<String>empty();
        var unused = stage.ask(new ImportCommand.ImportMaterial(
                UUID.randomUUID(),
                authority,
                parameters.token(),
                Bytes.wrap(wrapped.asByteArray()),
                new ImportCommand.Terms(Optional.empty(), Optional.empty(), none, none)));
        return stage.ask(new LookupCommand.FindKey(new KeyAddress.ById(key.name()), Freshness.QUORUM))
                .key();
    }

    private static Stamp multiRegion(KeyRecord key) {
        return key.material().multiRegion().orElseThrow().stamp();
    }

    private static KeyRecord created(
            LiveStage stage, KeyName name, ChangeCommand.NewKey made, KeyRecord.Documents documents) {
        return stage.ask(new ChangeCommand.CreateKey(UUID.randomUUID(), name, made, documents, List.of()))
                .key();
    }

    String id() {
        return key.name().keyId();
    }

    /** A text of the table with what its ids stand for. */
    String written(String text) {
        return written(text, id());
    }

    private static String written(String text, String id) {
        return LiveStage.asHere(text).replace(DecisionTable.KEY_ID, id);
    }

    String arn() {
        return written(DecisionTable.KEY_ARN);
    }

    /** In base64, well-formed and made by nobody, if the key is such that there can be one. */
    String blob() {
        var blob = new byte[CiphertextBlob.HEADER_BYTES + CiphertextBlob.TAG_BYTES + 1];
        if (key.attributes().spec() == KeySpec.SYMMETRIC_DEFAULT
                && !key.backingKeys().isEmpty()) {
            var backing = key.currentBackingKey().orElseThrow().id();
            CiphertextBlob.begin(blob, backing, new byte[CiphertextBlob.RANDOM_BYTES]);
        }
        return Base64.getEncoder().encodeToString(blob);
    }

    /** Makes an alias of the key unless it has it. */
    void alias(String name) {
        var alias = new AliasName(SCOPE, name);
        if (!names().contains(name)) {
            var unused = stage.ask(new ChangeCommand.CreateAlias(
                    UUID.randomUUID(), alias, new Authority(current().stamp(), List.of())));
        }
    }

    private List<String> names() {
        return stage.ask(new LookupCommand.FindAliasNames(key.name(), Freshness.QUORUM))
                .names();
    }

    private KeyRecord current() {
        return stage.ask(new LookupCommand.FindKey(new KeyAddress.ById(key.name()), Freshness.QUORUM))
                .key();
    }

    private void grant(Situation.GrantLine line, Map<String, String> ids) {
        var constraints = line.constraints();
        var grantee = Cast.named(line.grantee()).arn();
        var terms = new GrantRecord.Terms(
                new GrantRecord.Party(grantee, Optional.ofNullable(ids.get(grantee))),
                Optional.empty(),
                line.operations().stream().sorted().toList(),
                new GrantRecord.Constraints(
                        Optional.ofNullable(constraints.get("equals")).map(LiveKey::pairs),
                        Optional.ofNullable(constraints.get("subset")).map(LiveKey::pairs),
                        Optional.ofNullable(constraints.get("source"))),
                line.name());
        var id = "%064x".formatted(line.name().hashCode() & 0xffffffffL);
        var shared = key.material().multiRegion().map(KeyRecord.MultiRegion::stamp);
        var unused = stage.ask(new GrantCommand.CreateGrant(
                UUID.randomUUID(),
                new Authority(key.stamp(), shared.map(List::of).orElse(List.<Stamp>of())),
                id,
                terms,
                SCOPE.accountId()));
    }

    static Map<String, String> pairs(String text) {
        return Words.split(text, ",").stream()
                .collect(Collectors.toMap(
                        pair -> pair.substring(0, pair.indexOf('=')), pair -> pair.substring(pair.indexOf('=') + 1)));
    }

    /** Frees the names of its aliases for the next paragraph. */
    @Override
    public void close() {
        for (var name : names()) {
            var alias = stage.ask(new LookupCommand.FindAlias(new AliasName(SCOPE, name)))
                    .alias();
            var unused = stage.ask(new ChangeCommand.DeleteAlias(UUID.randomUUID(), alias.stamp(), List.of()));
        }
    }
}
