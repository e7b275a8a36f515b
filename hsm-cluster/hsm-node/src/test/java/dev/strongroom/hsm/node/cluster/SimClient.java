package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.cluster.History.Action;
import dev.strongroom.hsm.node.cluster.History.Applied;
import dev.strongroom.hsm.node.cluster.History.Attempt;
import dev.strongroom.hsm.node.cluster.History.Conflict;
import dev.strongroom.hsm.node.cluster.History.Read;
import dev.strongroom.hsm.node.cluster.History.Seen;
import dev.strongroom.hsm.node.cluster.History.Told;
import dev.strongroom.hsm.node.cluster.History.Unknown;
import dev.strongroom.hsm.node.cluster.History.Write;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * One application that does one thing after the other: transactions over one or two records that rest on what it last
 * saw, repetitions of commands whose outcome it does not know or does, quorum reads, reads under the lease.
 */
final class SimClient {

    static final int RECORDS = 3;
    private static final long PATIENCE = 12 * SimWorld.SECONDS;

    private final SimCluster cluster;
    private final SimWorld world;
    private final int number;
    private final Map<Integer, Long> lastSeen = new HashMap<>();
    private Optional<Command> lastCommand = Optional.empty();
    private Optional<Integer> readNext = Optional.empty();
    private int thingsToDo;

    private record Command(int number, Transaction transaction, List<Write> writes, boolean settled) {}

    SimClient(SimCluster cluster, int number, int thingsToDo) {
        this.cluster = cluster;
        this.world = cluster.world;
        this.number = number;
        this.thingsToDo = thingsToDo;
        thinkAndGoOn();
    }

    static RecordId id(int record) {
        return new RecordId(0, record);
    }

    private void thinkAndGoOn() {
        world.after(world.between(SimWorld.MILLIS, cluster.plan.thinkTime()), this::doSomething);
    }

    private void doSomething() {
        var node = cluster.anyRunning();
        if (node.isEmpty() || cluster.clientsStopped()) {
            if (!cluster.clientsStopped()) {
                thinkAndGoOn();
            }
            return;
        }
        if (thingsToDo-- <= 0) {
            return;
        }
        var what = world.random.nextInt(100);
        if (readNext.isPresent() && what >= 30) {
            read(node.get());
        } else if (lastCommand.isPresent() && (lastCommand.get().settled() ? what < 8 : what < 45)) {
            attempt(node.get(), lastCommand.get());
        } else if (what < 60) {
            attempt(node.get(), newCommand());
        } else if (what < 85) {
            read(node.get());
        } else {
            cluster.readUnderLease(node.get());
            thinkAndGoOn();
        }
    }

    private Command newCommand() {
        var command = cluster.nextCommand();
        var writes = new ArrayList<Write>();
        var first = world.random.nextInt(RECORDS);
        var count = world.chance(0.35) ? 2 : 1;
        for (var i = 0; i < count; i++) {
            var record = (first + i) % RECORDS;
            var seen = lastSeen.getOrDefault(record, 0L);
            var expected = world.chance(0.9) ? seen : 0L;
            var kind = world.random.nextInt(10);
            var action = kind < 7 ? Action.PUTS : kind < 9 ? Action.DELETES : Action.ONLY_CHECKS;
            writes.add(new Write(record, expected, action));
        }
        var payload = Bytes.wrap(ByteBuffer.allocate(4).putInt(command).array());
        var transaction = new Transaction(
                new UUID(1, command),
                writes.stream().map(write -> toStore(write, payload)).toList());
        return new Command(command, transaction, List.copyOf(writes), false);
    }

    private static Transaction.Write toStore(Write write, Bytes payload) {
        return switch (write.action()) {
            case PUTS -> new Transaction.Put(id(write.record()), write.expectedRevision(), 1, payload);
            case DELETES -> new Transaction.Delete(id(write.record()), write.expectedRevision());
            case ONLY_CHECKS -> new Transaction.Check(id(write.record()), write.expectedRevision());
        };
    }

    private void attempt(SimNode node, Command command) {
        var called = world.stamp();
        world.tell("client " + number + " at " + node.id + ": " + command.number() + command.writes());
        var store = node.store().orElseThrow();
        await(node, store.commit(command.transaction()), (outcome, lost) -> {
            var told = outcome.map(SimClient::told).orElse(new Unknown());
            var returned = outcome.isPresent() ? world.stamp() : History.NEVER;
            world.tell("client " + number + " command " + command.number() + ": " + told);
            cluster.history.attempts.add(new Attempt(command.number(), command.writes(), called, returned, told));
            lastCommand = Optional.of(
                    new Command(command.number(), command.transaction(), command.writes(), outcome.isPresent()));
            if (told instanceof Applied applied) {
                cluster.acknowledged(applied.revision());
                for (var write : command.writes()) {
                    if (write.action() != Action.ONLY_CHECKS) {
                        lastSeen.put(write.record(), write.action() == Action.PUTS ? applied.revision() : 0L);
                    }
                }
                if (world.chance(0.15)) {
                    cluster.awaitEverywhere(node, store, applied.revision());
                }
            } else if (told instanceof Conflict conflict) {
                // It looks for itself: only what was read with its content tells the checker whose revision it is.
                readNext = Optional.of(conflict.record());
            }
            thinkAndGoOn();
        });
    }

    private static Told told(Outcome outcome) {
        return outcome instanceof Outcome.Applied applied
                ? new Applied(applied.revision())
                : new Conflict((int) ((Outcome.Conflict) outcome).id().low(), ((Outcome.Conflict) outcome).actual());
    }

    private void read(SimNode node) {
        var called = world.stamp();
        var first = readNext.orElseGet(() -> world.random.nextInt(RECORDS));
        var count = 1 + world.random.nextInt(2);
        readNext = Optional.empty();
        world.tell("client " + number + " at " + node.id + ": reads");
        var store = node.store().orElseThrow();
        await(node, store.readBarrier().thenApply(index -> look(store, first, count)), (seen, lost) -> {
            if (seen.isPresent()) {
                world.tell("client " + number + " read " + seen.get());
                cluster.history.reads.add(new Read(seen.get(), called, world.stamp()));
                seen.get().forEach((record, found) -> lastSeen.put(record, found.revision()));
            }
            thinkAndGoOn();
        });
    }

    static Map<Integer, Seen> look(RecordStore store, int first, int count) {
        var seen = new LinkedHashMap<Integer, Seen>();
        for (var i = 0; i < count; i++) {
            var record = (first + i) % RECORDS;
            seen.put(
                    record,
                    store.find(id(record))
                            .map(found -> new Seen(
                                    found.revision(),
                                    ByteBuffer.wrap(found.payload().toArray()).getInt()))
                            .orElse(new Seen(0, 0)));
        }
        return seen;
    }

    /** Calls {@code then} once: with the answer, or without one when the node dies, fails or takes too long. */
    private <T> void await(SimNode node, CompletionStage<T> answer, BiConsumer<Optional<T>, Boolean> then) {
        var open = new boolean[] {true};
        BiConsumer<Optional<T>, Boolean> once = (value, lost) -> {
            if (open[0]) {
                open[0] = false;
                then.accept(value, lost);
            }
        };
        var forget = node.onDeath(() -> once.accept(Optional.empty(), true));
        world.after(PATIENCE, () -> once.accept(Optional.empty(), true));
        var unused = answer.whenComplete((value, failure) -> {
            forget.run();
            once.accept(failure == null ? Optional.of(value) : Optional.empty(), failure != null);
        });
    }
}
