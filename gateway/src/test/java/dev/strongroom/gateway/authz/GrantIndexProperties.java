package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The index finds what looking at every grant finds, and looks at few. */
class GrantIndexProperties {

    private static final Principal ROLE = new Principal(Principal.Kind.IDENTITY, "arn:aws:iam::111122223333:role/app");

    @Property(tries = 1000)
    void findsWhatTheObviousWayFinds(@ForAll long seed) {
        var mix = new PolicyMix(seed);
        var random = new Random(seed);
        var index = GrantIndex.empty();
        Map<String, Grant> all = new HashMap<>();
        List<GrantIndex> earlier = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            var id = "g" + random.nextInt(12);
            earlier.add(index);
            sizes.add(index.size());
            if (random.nextInt(3) == 0) {
                index = index.without(id);
                all.remove(id);
            } else {
                var grant = mix.grant(id);
                index = index.with(grant);
                all.put(id, grant);
            }
            assertEquals(all.size(), index.size());
            assertEquals(Optional.ofNullable(all.get(id)), index.find(id));
            assertSameAnswers(mix, index, all);
        }
        for (int i = 0; i < earlier.size(); i++) {
            assertEquals(sizes.get(i), earlier.get(i).size());
        }
    }

    private static void assertSameAnswers(PolicyMix mix, GrantIndex index, Map<String, Grant> all) {
        var request = mix.request(mix.key(List.of(), GrantIndex.empty()));
        for (var grantee : mix.caller().principal().names()) {
            for (var operation : List.of(GrantOperation.ENCRYPT, GrantOperation.DESCRIBE_KEY)) {
                var found = new GrantSearch(index, operation, request, Effort.unlimited()).find(grantee);
                boolean exists = all.values().stream().anyMatch(grant -> allows(grant, grantee, operation, request));
                assertEquals(exists, found.isPresent());
                found.ifPresent(grant -> assertTrue(allows(grant, grantee, operation, request)));
            }
        }
    }

    /** The rule as the guide has it, said once more and slowly. */
    private static boolean allows(Grant grant, Principal grantee, GrantOperation operation, AccessRequest request) {
        var terms = grant.terms();
        var constraints = terms.constraints();
        var context = request.encryptionContext();
        return terms.grantee().meant().equals(grantee)
                && terms.operations().contains(operation)
                && (constraints.sourceArn().isEmpty()
                        || constraints.sourceArn().equals(request.environment().sourceArn()))
                && (!operation.isBoundByContext()
                        || (constraints
                                        .contextEquals()
                                        .map(pairs -> isPlain(context)
                                                && isPlain(pairs)
                                                && holds(context, pairs)
                                                && holds(pairs, context))
                                        .orElse(true)
                                && constraints
                                        .contextSubset()
                                        .map(pairs -> isPlain(pairs) && holds(context, pairs))
                                        .orElse(true)));
    }

    private static boolean holds(Map<String, String> context, Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .allMatch(pair -> unambiguous(pairs, pair.getKey())
                        && unambiguous(context, pair.getKey())
                        && context.entrySet().stream()
                                .anyMatch(other -> same(pair.getKey(), other.getKey())
                                        && pair.getValue().equals(other.getValue())));
    }

    /** Whether all keys differ in more than letter case. */
    private static boolean isPlain(Map<String, String> context) {
        return context.keySet().stream()
                        .map(key -> key.toLowerCase(Locale.ROOT))
                        .distinct()
                        .count()
                == context.size();
    }

    private static boolean unambiguous(Map<String, String> context, String key) {
        return context.entrySet().stream()
                        .filter(pair -> same(pair.getKey(), key))
                        .map(Map.Entry::getValue)
                        .distinct()
                        .count()
                <= 1;
    }

    private static boolean same(String key, String other) {
        return key.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    @Test
    void fiftyThousandGrantsOfOneRoleAreNotLookedThrough() {
        var grants = new ArrayList<Grant>();
        for (int i = 0; i < GrantRules.MOST_PER_KEY; i++) {
            grants.add(grant(
                    i, GrantConstraints.containing(Map.of("zone", "z" + i % 3, "volume", "v" + i, "tenant", "one"))));
        }
        var index = GrantIndex.of(grants);
        assertEquals("g49999", found(index, Map.of("volume", "v49999", "zone", "z1", "tenant", "one")));
        assertEquals("nothing", found(index, Map.of("volume", "v49999", "zone", "z2", "tenant", "one")));
        assertEquals("nothing", found(index, Map.of("zone", "z1", "tenant", "one")));
        assertEquals("nothing", found(index.without("g7"), Map.of("volume", "v7", "zone", "z1", "tenant", "one")));
        assertEquals("g7", found(index, Map.of("volume", "v7", "zone", "z1", "tenant", "one")));
    }

    @Test
    void norAreThoseThatNameWholeContextsOrSources() {
        var grants = new ArrayList<Grant>();
        for (int i = 0; i < GrantRules.MOST_PER_KEY; i++) {
            grants.add(grant(
                    i,
                    i % 2 == 0
                            ? GrantConstraints.equalTo(Map.of("volume", "v" + i))
                            : new GrantConstraints(
                                    Optional.empty(), Optional.empty(), Optional.of("arn:aws:s3:::b" + i))));
        }
        var index = GrantIndex.of(grants);
        assertEquals("g4", found(index, Map.of("Volume", "v4")));
        assertEquals("nothing", found(index, Map.of("volume", "v4", "more", "x")));
        assertEquals("nothing", found(index, Map.of("volume", "v5")));
    }

    /** Who is found, in a few steps. */
    private static String found(GrantIndex index, Map<String, String> context) {
        var effort = Effort.unlimited();
        var request = new AccessRequest(
                "kms:Decrypt",
                new Resource.Any("111122223333"),
                PolicyMix.environment(Optional.empty()),
                context,
                ConditionKeys.NONE);
        var found = new GrantSearch(index, GrantOperation.DECRYPT, request, effort).find(ROLE);
        assertTrue(effort.spent() < 20, () -> effort.spent() + " steps");
        return found.map(Grant::id).orElse("nothing");
    }

    private static Grant grant(int i, GrantConstraints constraints) {
        return new Grant(
                new Stamp(i, 1, 1),
                "g" + i,
                new GrantTerms(
                        ROLE,
                        Optional.empty(),
                        Set.of(GrantOperation.DECRYPT, GrantOperation.ENCRYPT),
                        constraints,
                        ""),
                "111122223333",
                PolicyMix.NOW);
    }
}
