package dev.strongroom.conformance.authz;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.gateway.authz.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The evaluator and an independent simulator of IAM agree, but for what is said here. */
class SimulatorTest {

    /** Random situations, each with six requests. */
    private static final int SITUATIONS = 1_000;

    private static final String NOT_PRINCIPAL =
            "IAM user guide, NotPrincipal with Deny: all but Bob means all other users of his account too";

    /** Paragraphs of the table in which they differ, and why the table stands. */
    private static final Map<String, String> DIFFERENCES = Map.ofEntries(
            entry(
                    "Only some operations cross accounts, whatever the policies say",
                    "KMS API reference; IAM knows no such rule"),
            entry("A statement without actions has no effect", "KMS developer guide; the simulator refuses the policy"),
            entry("A statement without resources has no effect", "KMS developer guide; the simulator takes it for all"),
            entry(
                    "Actions of other services say nothing about keys",
                    "the simulator refuses a wildcard for the service"),
            entry("A star in the place of a service", "the same"),
            entry("ARNs have a letter case", "IAM user guide, Resource: the simulator ignores it in the Region"),
            entry(
                    "A role with a path means its sessions, whose ARNs have none",
                    "the simulator derives a role's ARN from its session's"),
            entry("A user is not another user whose name it begins", "it does not know who is behind a federated user"),
            entry("NotPrincipal with Allow is everyone else, and nobody whom a listed name may mean", "the same"),
            entry(
                    "An identity provider means the sessions for which it vouches",
                    "it does not know who vouches for a session"),
            entry("Kinds of principals in one statement", "the same"),
            entry("A denial for a service, and for those for whom a provider vouches", "the same"),
            entry("Denials of all but some principals spare who is listed with its account", NOT_PRINCIPAL),
            entry("Whose account is not listed is denied though it is listed itself", NOT_PRINCIPAL),
            entry("A session is spared when session, role and account are listed", NOT_PRINCIPAL),
            entry("A session is spared with its role and its account", NOT_PRINCIPAL),
            entry("Another under the name is not spared", NOT_PRINCIPAL),
            entry("A session of another role under the name is not spared", NOT_PRINCIPAL),
            entry(
                    "It does not cap what the key policy gives the session by name",
                    "IAM user guide, permissions boundaries: a session named itself is not limited"),
            entry(
                    "A federated user is capped through the user, and not by its own name",
                    "the same for federated users"),
            entry(
                    "And what reaches a session as anyone, which it is through its role",
                    "the guide does not say; the narrower reading"),
            entry(
                    "Many values and no quantifier: a permission needs all of them, a denial one",
                    "the guide does not say; the narrower reading"),
            entry(
                    "ForAnyValue with IfExists",
                    "IAM user guide: IfExists makes any operator but Null hold without the key"),
            entry("What is no number fits no number", "the guide does not say"),
            entry("What is no address is in no range", "the guide does not say"),
            entry("Time as seconds", "IAM user guide: aws:EpochTime is a date as well as a number"),
            entry("Older policies have no variables", "IAM user guide: version 2012-10-17 has them"),
            entry("Dates in all their forms", "IAM user guide: seconds since 1970 are a date"),
            entry("Addresses of IPv6", "an IPv4 address is the same in the notation of IPv6"),
            entry("In a resource", "the simulator does not look into the first part of a resource's name"),
            entry("Characters that would mean something", "IAM user guide: ${$} is a dollar"),
            entry(
                    "Without default nothing equals an absent value",
                    "IAM user guide: negated operators hold against no value"),
            entry("A denial of what is not one's own hits who has nothing of his own", "the same"),
            entry(
                    "In key policies a key has no aliases",
                    "KMS developer guide: kms:ResourceAliases is for IAM policies"),
            entry(
                    "What a request says about itself cannot stand in for the caller",
                    "the simulator believes what it is told"),
            entry("What kind of key it is", "it does not know the older names of condition keys"));

    @BeforeAll
    static void isThere() {
        var absence = Simulator.absence();
        if (!absence.isEmpty()) {
            System.out.println("not compared with an independent simulator: " + absence);
        }
        assumeTrue(absence.isEmpty(), absence);
    }

    @Test
    void onTheDecisionTable() {
        var rows = DecisionTable.rows().stream()
                .filter(row ->
                        row.situation().grants().isEmpty() && row.caller().role() != Cast.Role.SERVICE)
                .toList();
        var differences = new TreeMap<String, String>();
        var differing = new TreeSet<String>();
        differences(rows).forEach((row, theirs) -> {
            differing.add(row.situation().title());
            if (!DIFFERENCES.containsKey(row.situation().title())) {
                differences.put(row.toString(), theirs);
            }
        });
        assertEquals(Map.of(), differences);
        assertEquals(new TreeSet<>(DIFFERENCES.keySet()), differing, "differences that are none any more");
    }

    @Test
    void onRandomPolicies() {
        var rows = LongStream.range(0, SITUATIONS)
                .boxed()
                .flatMap(seed -> RandomRows.of(seed).stream())
                .toList();
        long allowed = rows.stream()
                .filter(row -> Evaluation.verdict(row) instanceof Verdict.Allowed)
                .count();
        assertTrue(allowed > rows.size() / 20, () -> "only " + allowed + " of " + rows.size() + " are allowed");
        var differences = new TreeMap<String, String>();
        differences(rows).forEach((row, theirs) -> differences.put(row + "\n" + row.situation(), theirs));
        assertEquals("", String.join("\n", differences.keySet()));
    }

    private static Map<DecisionRow, String> differences(List<DecisionRow> rows) {
        var results = Simulator.results(rows);
        assertEquals(rows.size(), results.size());
        var differences = new LinkedHashMap<DecisionRow, String>();
        for (int i = 0; i < rows.size(); i++) {
            boolean isAllowed = Evaluation.verdict(rows.get(i)) instanceof Verdict.Allowed;
            var theirs = results.get(i);
            if (isAllowed != theirs.equals("Allowed") || theirs.startsWith("error")) {
                differences.put(rows.get(i), "ours " + (isAllowed ? "allow" : "deny") + ", theirs " + theirs);
            }
        }
        return differences;
    }
}
