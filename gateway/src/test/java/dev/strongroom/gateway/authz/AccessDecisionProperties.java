package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.gateway.authz.Statement.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** What holds for all policies, whatever they say. */
class AccessDecisionProperties {

    /** All that a decision rests on, before it is compiled. */
    private record World(
            PolicyMix mix,
            List<Statement> key,
            List<Statement> identity,
            List<Statement> boundary,
            List<Statement> session,
            GrantIndex grants) {

        static World of(PolicyMix mix) {
            return new World(
                    mix, mix.statements(4), mix.statements(3), mix.statements(2), mix.statements(2), mix.grants(3));
        }

        Verdict ask(Caller bare, AccessRequest like) {
            var policies = new CallerPolicies(
                    identity.isEmpty() ? List.of() : List.of(mix.attached(identity)),
                    boundary.isEmpty() ? Optional.empty() : Optional.of(mix.attached(boundary)),
                    session.isEmpty() ? List.of() : List.of(mix.attached(session)));
            var caller = new Caller(bare.identity(), bare.principal(), List.of(), policies);
            return AccessDecision.decide(
                    caller,
                    new AccessRequest(
                            like.action(),
                            Resource.Key.of(mix.key(key, grants)),
                            like.environment(),
                            like.encryptionContext(),
                            like.keys()));
        }

        boolean allows(Caller bare, AccessRequest like) {
            return ask(bare, like) instanceof Verdict.Allowed;
        }

        World with(Layer layer, List<Statement> statements) {
            return switch (layer) {
                case KEY -> new World(mix, statements, identity, boundary, session, grants);
                case IDENTITY -> new World(mix, key, statements, boundary, session, grants);
                case BOUNDARY -> new World(mix, key, identity, statements, session, grants);
                case SESSION -> new World(mix, key, identity, boundary, statements, grants);
            };
        }

        List<Statement> of(Layer layer) {
            return switch (layer) {
                case KEY -> key;
                case IDENTITY -> identity;
                case BOUNDARY -> boundary;
                case SESSION -> session;
            };
        }
    }

    private enum Layer {
        KEY,
        IDENTITY,
        BOUNDARY,
        SESSION
    }

    @Property(tries = 5_000)
    void oneMoreDenialNeverAllowsMore(@ForAll long seed, @ForAll Layer layer) {
        var mix = new PolicyMix(seed);
        var world = World.of(mix);
        var caller = mix.caller();
        var request = mix.request(mix.key(List.of(), GrantIndex.empty()));
        var extra = mix.statement();
        var denial = new Statement(
                "", Effect.DENY, extra.principals(), extra.actions(), extra.resources(), extra.conditions());
        // A boundary or session policy that was not there limits by being there; that is no question of a denial.
        boolean before = world.allows(caller, request);
        boolean after = world.with(layer, with(world.of(layer), denial)).allows(caller, request);
        Statistics.label("before, after").collect(before, after);
        assertTrue(before || !after);
    }

    @Property(tries = 5_000)
    void oneAllowanceLessNeverAllowsMore(@ForAll long seed, @ForAll Layer layer) {
        var mix = new PolicyMix(seed);
        var world = World.of(mix);
        var caller = mix.caller();
        var request = mix.request(mix.key(List.of(), GrantIndex.empty()));
        var statements = world.of(layer);
        boolean before = world.allows(caller, request);
        for (int i = 0; i < statements.size(); i++) {
            // The last statement of a boundary or session policy stays: without any there would be no limit.
            boolean isLimit = layer == Layer.BOUNDARY || layer == Layer.SESSION;
            if (statements.get(i).effect() == Effect.ALLOW && !(isLimit && statements.size() == 1)) {
                var fewer = new ArrayList<>(statements);
                fewer.remove(i);
                boolean after = world.with(layer, fewer).allows(caller, request);
                Statistics.label("before, after").collect(before, after);
                assertTrue(before || !after);
            }
        }
    }

    @Property(tries = 3_000)
    void theOrderOfStatementsDoesNotMatter(@ForAll long seed) {
        var mix = new PolicyMix(seed);
        var world = World.of(mix);
        var caller = mix.caller();
        var request = mix.request(mix.key(List.of(), GrantIndex.empty()));
        var shuffled = new World(
                mix,
                mix.shuffled(world.key),
                mix.shuffled(world.identity),
                mix.shuffled(world.boundary),
                mix.shuffled(world.session),
                world.grants);
        assertEquals(summary(world.ask(caller, request)), summary(shuffled.ask(caller, request)));
    }

    @Property(tries = 3_000)
    void nothingIsAllowedWithoutAnAllowance(@ForAll long seed) {
        var mix = new PolicyMix(seed);
        var world = World.of(mix);
        for (var layer : Layer.values()) {
            world = world.with(
                    layer,
                    world.of(layer).stream()
                            .filter(statement -> statement.effect() == Effect.DENY)
                            .toList());
        }
        var nothing = new World(mix, world.key, world.identity, world.boundary, world.session, GrantIndex.empty());
        assertFalse(nothing.allows(mix.caller(), mix.request(mix.key(List.of(), GrantIndex.empty()))));
    }

    private static List<Statement> with(List<Statement> statements, Statement more) {
        var all = new ArrayList<>(statements);
        all.add(more);
        return all;
    }

    /** A yes may rest on another grant, and is a yes as well. */
    private static String summary(Verdict verdict) {
        return verdict instanceof Verdict.Denied denied ? denied.text() : "allowed";
    }
}
