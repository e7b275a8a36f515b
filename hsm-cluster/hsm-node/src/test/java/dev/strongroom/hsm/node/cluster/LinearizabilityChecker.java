package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.cluster.History.Action;
import dev.strongroom.hsm.node.cluster.History.Applied;
import dev.strongroom.hsm.node.cluster.History.Attempt;
import dev.strongroom.hsm.node.cluster.History.Conflict;
import dev.strongroom.hsm.node.cluster.History.Inconsistent;
import dev.strongroom.hsm.node.cluster.History.Told;
import dev.strongroom.hsm.node.cluster.History.Unknown;
import dev.strongroom.hsm.node.cluster.History.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Searches an order in which every operation of a history happens at one moment between its call and its return and
 * every answer is right (Wing and Gong 1993), remembering what was tried (Lowe 2017). A call without a known outcome may
 * happen at any time after it, or never.
 *
 * <p>Records that no operation touches together are searched apart, which is sound because linearizability is local
 * (Herlihy and Wing 1990). Attempts of one command are one operation, from the first call to the first answer: the
 * command happens once, and all of its answers must be the same.
 *
 * <p>A record's state is the number of the command that put it, 0 if there is none. Revisions, which the store makes up,
 * are translated into commands by what the clients were told of them.
 */
final class LinearizabilityChecker {

    private static final int NONE = 0;
    private static final int NEVER_SEEN = -1;
    private static final int MAX_OPERATIONS = 64;
    private static final int BITS_PER_RECORD = 12;
    private static final long MASK = (1L << BITS_PER_RECORD) - 1;
    private static final int MAX_STATES = 3_000_000;

    private final History history;
    private final Map<Long, Integer> commandOfRevision = new HashMap<>();
    private final Map<Integer, Long> revisionOfCommand = new HashMap<>();

    LinearizabilityChecker(History history) {
        this.history = history;
    }

    /** An operation to be placed; {@code returned} is {@link History#NEVER} if it need not happen. */
    private record Operation(List<Step> steps, long called, long returned, Told told, int command, String name) {}

    /** What an operation expects of a record and leaves behind; the same if it only reads. */
    private record Step(int record, int expected, int leaves) {}

    Optional<String> objection() {
        learnRevisions();
        var operations = new ArrayList<Operation>();
        operations.addAll(commands());
        for (var read : history.reads) {
            var steps = new ArrayList<Step>();
            read.seen().forEach((record, seen) -> steps.add(new Step(record, seen.command(), seen.command())));
            operations.add(
                    new Operation(steps, read.called(), read.returned(), new Applied(0), NONE, "read " + read.seen()));
        }
        for (var part : independentParts(operations)) {
            var objection = search(part);
            if (objection.isPresent()) {
                return objection;
            }
        }
        return Optional.empty();
    }

    private void learnRevisions() {
        for (var attempt : history.attempts) {
            if (attempt.told() instanceof Applied applied) {
                learn(applied.revision(), attempt.command());
            }
        }
        for (var read : history.reads) {
            for (var seen : read.seen().values()) {
                if ((seen.revision() == 0) != (seen.command() == NONE)) {
                    throw new Inconsistent("a record is there and not there: " + seen);
                }
                if (seen.revision() != 0) {
                    learn(seen.revision(), seen.command());
                }
            }
        }
    }

    private void learn(long revision, int command) {
        var other = commandOfRevision.put(revision, command);
        if (other != null && other != command) {
            throw new Inconsistent("revision " + revision + " is of command " + other + " and of command " + command);
        }
        var otherRevision = revisionOfCommand.put(command, revision);
        if (otherRevision != null && otherRevision != revision) {
            throw new Inconsistent("command " + command + " made revision " + otherRevision + " and " + revision);
        }
    }

    private int commandOf(long revision) {
        return revision == 0 ? NONE : commandOfRevision.getOrDefault(revision, NEVER_SEEN);
    }

    private List<Operation> commands() {
        var byCommand = new LinkedHashMap<Integer, List<Attempt>>();
        history.attempts.forEach(attempt -> byCommand
                .computeIfAbsent(attempt.command(), unused -> new ArrayList<>())
                .add(attempt));
        var operations = new ArrayList<Operation>();
        for (var attempts : byCommand.values()) {
            var first = attempts.get(0);
            var called = attempts.stream().mapToLong(Attempt::called).min().orElseThrow();
            var told = attempts.stream()
                    .map(Attempt::told)
                    .filter(each -> !(each instanceof Unknown))
                    .distinct()
                    .toList();
            if (told.size() > 1) {
                throw new Inconsistent("command " + first.command() + " was answered in two ways: " + told);
            }
            var returned = attempts.stream()
                    .filter(each -> !(each.told() instanceof Unknown))
                    .mapToLong(Attempt::returned)
                    .min()
                    .orElse(History.NEVER);
            var outcome = told.isEmpty() ? new Unknown() : told.get(0);
            operations.add(new Operation(
                    first.writes().stream()
                            .map(write -> step(write, first.command()))
                            .toList(),
                    called,
                    returned,
                    outcome,
                    first.command(),
                    "command " + first.command() + first.writes() + " " + outcome));
        }
        return operations;
    }

    private Step step(Write write, int command) {
        var expected = commandOf(write.expectedRevision());
        return new Step(
                write.record(),
                expected,
                write.action() == Action.PUTS ? command : write.action() == Action.DELETES ? NONE : expected);
    }

    private static List<List<Operation>> independentParts(List<Operation> operations) {
        var parts = new ArrayList<List<Operation>>();
        var records = new ArrayList<Set<Integer>>();
        for (var operation : operations) {
            var part = new ArrayList<>(List.of(operation));
            var touched = new HashSet<Integer>();
            operation.steps().forEach(step -> touched.add(step.record()));
            for (var i = parts.size() - 1; i >= 0; i--) {
                if (records.get(i).stream().anyMatch(touched::contains)) {
                    part.addAll(parts.remove(i));
                    touched.addAll(records.remove(i));
                }
            }
            parts.add(part);
            records.add(touched);
        }
        return parts;
    }

    private Optional<String> search(List<Operation> part) {
        if (part.size() > MAX_OPERATIONS) {
            throw new IllegalArgumentException("the checker takes " + MAX_OPERATIONS + " operations on records that"
                    + " hang together, not " + part.size());
        }
        part.sort(Comparator.comparingLong(Operation::called));
        var search = new Search(part);
        return search.placeAll(0, 0)
                ? Optional.empty()
                : Optional.of("no order explains the answers; " + search.furthest());
    }

    /** Depth-first over the operations placed (a bit each) and the state they lead to. */
    private final class Search {

        private final List<Operation> operations;
        private final List<Integer> slots = new ArrayList<>();
        private final Set<Node> tried = new HashSet<>();
        private final ArrayList<Operation> order = new ArrayList<>();
        private List<Operation> furthest = List.of();
        private final long mustHappen;

        private record Node(long placed, long state) {}

        Search(List<Operation> operations) {
            this.operations = operations;
            var must = 0L;
            for (var i = 0; i < operations.size(); i++) {
                must |= operations.get(i).returned() == History.NEVER ? 0 : 1L << i;
                operations.get(i).steps().stream()
                        .map(Step::record)
                        .filter(record -> !slots.contains(record))
                        .forEach(slots::add);
            }
            this.mustHappen = must;
        }

        String furthest() {
            var left = new ArrayList<>(operations);
            left.removeAll(furthest);
            return furthest.size() + " can be placed, the last of them "
                    + furthest.subList(Math.max(0, furthest.size() - 3), furthest.size()).stream()
                            .map(Operation::name)
                            .toList()
                    + "; left are "
                    + left.stream().limit(6).map(Operation::name).toList();
        }

        boolean placeAll(long placed, long state) {
            if ((placed & mustHappen) == mustHappen) {
                return true;
            }
            if (!tried.add(new Node(placed, state))) {
                return false;
            }
            if (tried.size() > MAX_STATES) {
                throw new IllegalStateException("the search grows without end");
            }
            var firstReturn = History.NEVER;
            for (var i = 0; i < operations.size(); i++) {
                if ((placed & (1L << i)) == 0) {
                    firstReturn = Math.min(firstReturn, operations.get(i).returned());
                }
            }
            for (var i = 0; i < operations.size(); i++) {
                var operation = operations.get(i);
                if (operation.called() > firstReturn) {
                    break;
                }
                if ((placed & (1L << i)) == 0) {
                    var next = happen(operation, state);
                    if (next.isPresent()) {
                        order.add(operation);
                        if (order.size() > furthest.size()) {
                            furthest = List.copyOf(order);
                        }
                        if (placeAll(placed | (1L << i), next.get())) {
                            return true;
                        }
                        order.remove(order.size() - 1);
                    }
                }
            }
            return false;
        }

        /** The state after the operation, if it can happen in this one with the answer it had. */
        private Optional<Long> happen(Operation operation, long state) {
            for (var step : operation.steps()) {
                var actual = get(state, step.record());
                if (actual != step.expected()) {
                    return conflicts(operation.told(), step.record(), actual) ? Optional.of(state) : Optional.empty();
                }
            }
            if (operation.told() instanceof Conflict) {
                return Optional.empty();
            }
            var next = state;
            for (var step : operation.steps()) {
                next = set(next, step.record(), step.leaves());
            }
            return Optional.of(next);
        }

        private boolean conflicts(Told told, int record, int actual) {
            if (told instanceof Unknown) {
                return true;
            }
            if (!(told instanceof Conflict conflict) || conflict.record() != record) {
                return false;
            }
            var claimed = commandOf(conflict.actual());
            return claimed == NEVER_SEEN ? actual != NONE : claimed == actual;
        }

        private int get(long state, int record) {
            return (int) ((state >>> shift(record)) & MASK);
        }

        private long set(long state, int record, int command) {
            return (state & ~(MASK << shift(record))) | ((command & MASK) << shift(record));
        }

        private int shift(int record) {
            return slots.indexOf(record) * BITS_PER_RECORD;
        }
    }
}
