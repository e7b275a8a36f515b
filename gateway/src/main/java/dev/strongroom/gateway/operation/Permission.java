package dev.strongroom.gateway.operation;

import dev.strongroom.gateway.authz.AccessRequest;
import dev.strongroom.gateway.authz.ConditionKeys;
import dev.strongroom.gateway.authz.KeyFacts;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that a caller must be allowed to do so that its request can be carried out.
 *
 * @param action such as {@code kms:Encrypt}
 * @param region where it is done, if not in the Region of the request
 * @param encryptionContext of the one use of a key that is asked about; empty if there is none
 * @param keys what policies may ask about the members of the request
 */
public record Permission(
        String action,
        Subject subject,
        Optional<String> region,
        Map<String, String> encryptionContext,
        ConditionKeys keys) {

    /** What it is to be done with. */
    public sealed interface Subject {

        /** A KMS key that was found. */
        record Key(Reply.FoundKey found, Resource.Naming naming) implements Subject {}

        /** An alias, a key that is yet to be made, or nothing that there is one of. */
        record Other(Resource resource) implements Subject {}
    }

    /** To do it with a key. */
    static Permission on(Reply.FoundKey found, Resource.Naming naming, String action) {
        return new Permission(action, new Subject.Key(found, naming), Optional.empty(), Map.of(), ConditionKeys.NONE);
    }

    /** To do it with an alias, with a key that is yet to be made, or at all. */
    static Permission on(Resource resource, String action) {
        return new Permission(action, new Subject.Other(resource), Optional.empty(), Map.of(), ConditionKeys.NONE);
    }

    Permission with(ConditionKeys asked) {
        return new Permission(action, subject, region, encryptionContext, asked);
    }

    Permission with(Map<String, String> context, ConditionKeys asked) {
        return new Permission(action, subject, region, context, asked);
    }

    Permission in(String elsewhere) {
        return new Permission(action, subject, Optional.of(elsewhere), encryptionContext, keys);
    }

    /** The key that it is about, if it is about one. */
    public Optional<KeyRecord> key() {
        return subject instanceof Subject.Key of ? Optional.of(of.found().key()) : Optional.empty();
    }

    /**
     * What is to be decided.
     *
     * @param facts what else decisions about a key rest on
     */
    public AccessRequest request(RequestContext context, Function<KeyRecord, KeyFacts> facts) {
        return new AccessRequest(action, resource(facts), environment(context.environment()), encryptionContext, keys);
    }

    private Resource resource(Function<KeyRecord, KeyFacts> facts) {
        if (subject instanceof Subject.Key of) {
            return new Resource.Key(facts.apply(of.found().key()), of.found().alias(), of.naming());
        }
        return ((Subject.Other) subject).resource();
    }

    private RequestEnvironment environment(RequestEnvironment here) {
        return region.map(here::in).orElse(here);
    }
}
