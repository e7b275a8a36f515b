package dev.strongroom.gateway.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.strongroom.api.AwsJson;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.MemberRules;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.authz.CompiledPolicy;
import dev.strongroom.gateway.authz.KeyFacts;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.core.SdkPojo;

/** Some keys, aliases and grants, and the way of a request from its JSON to its plan. */
record World(List<KeyRecord> keys, List<AliasRecord> aliases, List<GrantRecord> grants) {

    World(List<KeyRecord> keys, List<AliasRecord> aliases) {
        this(keys, aliases, List.of());
    }

    static World of(KeyRecord... keys) {
        return new World(List.of(keys), List.of());
    }

    World with(AliasRecord... more) {
        return new World(keys, List.of(more), grants);
    }

    World with(GrantRecord... more) {
        return new World(keys, aliases, List.of(more));
    }

    RequestContext context() {
        return new RequestContext(Sample.CALLER, Sample.SCOPE, new FreshIds(UUID::randomUUID), Sample.ENVIRONMENT);
    }

    /** With the grant that the request is about, and all whom it names. */
    private RequestContext context(OperationRow<SdkPojo, SdkPojo> row, SdkPojo request) {
        var named = row.needs()
                .grant(request, context())
                .flatMap(address -> grants.stream()
                        .filter(grant -> address.equals(new GrantAddress.ById(grant.key(), grant.id())))
                        .findFirst());
        return context()
                .with(new KnownGrants(named, List.of()))
                .with(new KnownPrincipals(Set.copyOf(row.needs().principals(request, context())), Map.of()));
    }

    /** What the operation comes to; an error that it does not declare fails the test. */
    Plan<?> plan(String operation, String json) {
        return planned(row(operation), Operation.find(operation).orElseThrow(), json);
    }

    /** The command that the operation comes to. */
    <C extends Command<?>> C command(Class<C> type, String operation, String json) {
        if (plan(operation, json) instanceof Plan.Ask<?, ?> ask) {
            return type.cast(ask.command());
        }
        return fail(operation + " asks the HSM nothing");
    }

    /** The response that the operation comes to without the HSM. */
    <T extends SdkPojo> T answer(Class<T> type, String operation, String json) {
        if (plan(operation, json) instanceof Plan.Answer<?> answer) {
            return type.cast(answer.response());
        }
        return fail(operation + " asks the HSM");
    }

    /** The response that the operation makes of the HSM's reply. */
    <T extends SdkPojo> T answer(Class<T> type, String operation, String json, Reply reply) {
        if (plan(operation, json) instanceof Plan.Ask<?, ?> ask) {
            return type.cast(respond(ask, reply));
        }
        return fail(operation + " asks the HSM nothing");
    }

    /** What the operation makes of the HSM's refusal. */
    Optional<KmsException> refusal(String operation, String json, Refused refused) {
        if (plan(operation, json) instanceof Plan.Ask<?, ?> ask) {
            return ask.refusal().apply(refused);
        }
        return fail(operation + " asks the HSM nothing");
    }

    /** How the request ends: {@code ok}, or code and text of the error. */
    String outcome(String operation, String json) {
        try {
            var unused = plan(operation, json);
            return "ok";
        } catch (KmsException e) {
            return e.getMessage();
        }
    }

    @SuppressWarnings("unchecked")
    private static <R extends Reply> Object respond(Plan.Ask<R, ?> ask, Reply reply) {
        return ask.answer().apply((R) reply);
    }

    @SuppressWarnings("unchecked")
    static OperationRow<SdkPojo, SdkPojo> row(String operation) {
        return (OperationRow<SdkPojo, SdkPojo>)
                OperationTable.find(Operation.find(operation).orElseThrow()).orElseThrow();
    }

    private Plan<?> planned(OperationRow<SdkPojo, SdkPojo> row, Operation operation, String json) {
        try {
            SdkPojo request = AwsJson.read(operation, json.getBytes(UTF_8));
            MemberRules.check(operation, request);
            var context = context(row, request);
            var keys = named(row, request, context);
            var permitted = new ArrayList<Verdict.Allowed>();
            for (var permission : row.permissions().of(request, keys, context)) {
                var verdict = permission.decide(context, World::facts);
                if (verdict instanceof Verdict.Denied no) {
                    throw no.exception();
                }
                permitted.add((Verdict.Allowed) verdict);
            }
            var found = keys.stream().map(NamedKey::found).toList();
            return row.decision().plan(request, found, context.permitted(permitted));
        } catch (KmsException e) {
            boolean notBuilt = e.error() == KmsError.UNSUPPORTED_OPERATION;
            assertTrue(
                    notBuilt
                            || !e.error().isModelled()
                            || operation.declaredErrors().contains(e.error()),
                    () -> operation.wireName() + " does not declare " + e.getMessage());
            throw e;
        }
    }

    /** What the caller would have to be allowed. */
    List<Permission> permissions(String operation, String json) {
        var row = row(operation);
        SdkPojo request = AwsJson.read(Operation.find(operation).orElseThrow(), json.getBytes(UTF_8));
        var context = context(row, request);
        return row.permissions().of(request, named(row, request, context), context);
    }

    private List<NamedKey> named(OperationRow<SdkPojo, SdkPojo> row, SdkPojo request, RequestContext context) {
        var needs = row.needs().of(request, context);
        var found = needs.stream().map(need -> find(need.address())).toList();
        return NamedKey.present(needs, found);
    }

    static KeyFacts facts(KeyRecord key) {
        return KeyFacts.of(
                key, CompiledPolicy.of(KeyPolicy.parse(key.documents().policy().text())));
    }

    private Optional<Reply.FoundKey> find(KeyAddress address) {
        if (address instanceof KeyAddress.ByAlias by) {
            return aliases.stream()
                    .filter(alias -> alias.name().equals(by.name()))
                    .flatMap(alias -> keys.stream()
                            .filter(key -> key.name().keyId().equals(alias.targetKeyId()))
                            .map(key -> new Reply.FoundKey(key, Optional.of(alias))))
                    .findFirst();
        }
        return keys.stream()
                .filter(key -> isMeant(key, address))
                .map(key -> new Reply.FoundKey(key, Optional.empty()))
                .findFirst();
    }

    private static boolean isMeant(KeyRecord key, KeyAddress address) {
        return address instanceof KeyAddress.ByBackingKey blob
                ? key.backingKeys().stream().anyMatch(backing -> backing.id().equals(blob.backingKeyId()))
                : address instanceof KeyAddress.ById by && key.name().equals(by.name());
    }
}
