package dev.strongroom.hsm.node.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
import dev.strongroom.hsm.protocol.GrantRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The drawers give what looking at every grant gives. */
class KeyGrantsProperties {

    private static final UUID COMMAND = new UUID(1, 2);

    /** A grant that is put, and whether it is taken out again at the end. */
    record Step(GrantRecord.Terms terms, boolean isRemoved) {}

    @Property
    void aSearchFindsWhatFitsAndNothingElse(
            @ForAll("steps") List<Step> steps,
            @ForAll("contexts") Map<String, String> context,
            @ForAll boolean andMore) {
        var grants = new KeyGrants();
        var left = filed(grants, steps);

        for (var grantees : List.of(List.of("a"), List.of("b", "a"))) {
            for (var operations : List.of(List.of("Encrypt"), List.of("Decrypt", "Encrypt"))) {
                assertEquals(
                        ids(left.stream().filter(stored -> fits(stored, grantees, operations, context, andMore))),
                        ids(grants.fitting(grantees, operations, Optional.of(new Contexts(context, andMore)))));
                assertEquals(
                        ids(left.stream().filter(stored -> gives(stored, grantees, operations))),
                        ids(grants.fitting(grantees, operations, Optional.empty())));
            }
        }
        assertEquals(left.size(), grants.size());
        assertEquals(ids(left.stream()), ids(grants.after("")));
    }

    private static List<Stored<Content.Grant>> filed(KeyGrants grants, List<Step> steps) {
        var all = new ArrayList<Stored<Content.Grant>>();
        for (int i = 0; i < steps.size(); i++) {
            var sample = SampleContents.grant();
            var grant = new GrantRecord(
                    sample.stamp(),
                    sample.key(),
                    "%064x".formatted(i),
                    steps.get(i).terms(),
                    sample.issuingAccount(),
                    sample.created());
            all.add(new Stored<>(new RecordId(0, i), 1, COMMAND, COMMAND, new Content.Grant(grant)));
        }
        all.forEach(grants::put);
        var left = new ArrayList<Stored<Content.Grant>>();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).isRemoved()) {
                var unused = grants.remove(all.get(i).content().grant());
            } else {
                left.add(all.get(i));
            }
        }
        return left;
    }

    private static boolean gives(Stored<Content.Grant> stored, List<String> grantees, List<String> operations) {
        var terms = stored.content().grant().terms();
        return grantees.contains(terms.grantee().meant())
                && terms.operations().containsAll(operations)
                && terms.constraints().sourceArn().isEmpty();
    }

    private static boolean fits(
            Stored<Content.Grant> stored,
            List<String> grantees,
            List<String> operations,
            Map<String, String> context,
            boolean andMore) {
        var constraints = stored.content().grant().terms().constraints();
        var folded = FoldedPairs.of(context);
        return gives(stored, grantees, operations)
                && constraints
                        .contextEquals()
                        .map(FoldedPairs::of)
                        .map(whole -> !andMore && folded.isExactly(whole))
                        .orElse(true)
                && constraints
                        .contextSubset()
                        .map(FoldedPairs::of)
                        .map(folded::holds)
                        .orElse(true);
    }

    private static Set<String> ids(Stream<Stored<Content.Grant>> grants) {
        var ids = grants.map(stored -> stored.content().grant().id()).collect(Collectors.toList());
        assertEquals(ids.size(), new HashSet<>(ids).size(), "none twice");
        return new HashSet<>(ids);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        var constraints = Combinators.combine(
                        contexts().optional(0.3),
                        contexts().optional(0.4),
                        Arbitraries.of("arn:aws:x").optional(0.1))
                .as(GrantRecord.Constraints::new);
        var operations = Arbitraries.of(List.of("Encrypt"), List.of("Decrypt"), List.of("Decrypt", "Encrypt"));
        return Combinators.combine(Arbitraries.of("a", "b", "c"), operations, constraints, Arbitraries.of(true, false))
                .as((grantee, ops, bounds, isRemoved) ->
                        new Step(new GrantRecord.Terms(grantee, Optional.empty(), ops, bounds, ""), isRemoved))
                .list()
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<Map<String, String>> contexts() {
        return Arbitraries.maps(Arbitraries.of("x", "X", "y", "z"), Arbitraries.of("1", "2"))
                .ofMaxSize(3);
    }
}
