package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.SealedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A machine: its disk, and the process that may be running on it. */
final class SimNode {

    final String id;
    final SimDisk disk;
    private final SimMutant mutant;
    private final SimWorld world;
    private final SimNetwork network;
    private final SimLedger ledger;
    private final RaftSettings settings;
    private Optional<Running> process = Optional.empty();
    private boolean paused;

    SimNode(String id, SimWorld world, SimNetwork network, SimLedger ledger, RaftSettings settings, SimMutant mutant) {
        this.id = id;
        this.disk = new SimDisk(mutant);
        this.mutant = mutant;
        this.world = world;
        this.network = network;
        this.ledger = ledger;
        this.settings = settings;
    }

    Optional<RaftRecordStore> store() {
        return process.map(running -> running.store);
    }

    Optional<Seat> seat() {
        return store().flatMap(store -> store.life().seat());
    }

    boolean isUp() {
        return process.isPresent();
    }

    boolean isPaused() {
        return paused;
    }

    boolean leads() {
        return seat().isPresent() && seat().get().leads();
    }

    void start() {
        if (process.isPresent()) {
            return;
        }
        world.tell(id + " starts");
        var started = new Running();
        process = Optional.of(started);
    }

    /** The process dies; what waits for it never hears from it. */
    void crash() {
        if (process.isPresent()) {
            world.tell(id + " crashes");
            var dead = process.get();
            process = Optional.empty();
            paused = false;
            dead.alive = false;
            disk.crash(world);
            List.copyOf(dead.onDeath).forEach(Runnable::run);
        }
    }

    void pause() {
        if (process.isPresent() && !paused) {
            world.tell(id + " pauses");
            paused = true;
        }
    }

    void resume() {
        if (paused) {
            world.tell(id + " goes on");
            paused = false;
            process.ifPresent(Running::wake);
        }
    }

    /** Runs {@code what} if the present process dies first. */
    Runnable onDeath(Runnable what) {
        var running = process.orElseThrow();
        running.onDeath.add(what);
        return () -> running.onDeath.remove(what);
    }

    void deliver(String from, byte[] message) {
        process.ifPresent(running -> running.receiver.accept(from, message));
    }

    private final class Running implements RaftThread, MemberLink, RecordStore.Listener {

        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final List<Runnable> onDeath = new ArrayList<>();
        private BiConsumer<String, byte[]> receiver = (from, message) -> {};
        private final RaftRecordStore store;
        private boolean alive = true;
        private boolean awake;

        Running() {
            store = RaftRecordStore.open(
                    settings,
                    disk,
                    network,
                    new Surroundings(
                            this,
                            this,
                            mutant == SimMutant.SLOW_CLOCK ? () -> world.now() / 2 : world::now,
                            new Random(world.random.nextLong())),
                    this::failed);
            store.subscribe(this);
        }

        private void failed(String reason) {
            world.tell(id + " failed: " + reason);
            // As a supervisor would.
            world.after(world.between(SimWorld.SECONDS / 2, 2 * SimWorld.SECONDS), () -> {
                if (alive) {
                    crash();
                    start();
                }
            });
        }

        @Override
        public void submit(Runnable task) {
            if (alive) {
                tasks.add(task);
                wake();
            }
        }

        @Override
        public void schedule(Runnable task, long delay, TimeUnit unit) {
            if (alive) {
                world.after(unit.toNanos(delay), () -> submit(task));
            }
        }

        private void wake() {
            if (!awake && !paused && !tasks.isEmpty()) {
                awake = true;
                world.after(world.random.nextInt(200) * SimWorld.MICROS, this::run);
            }
        }

        private void run() {
            awake = false;
            while (alive && !paused && !tasks.isEmpty()) {
                try {
                    tasks.poll().run();
                } catch (RuntimeException | AssertionError e) {
                    if (world.isVerbose()) {
                        e.printStackTrace(System.out);
                    }
                    world.fail("a task of " + id + " failed: " + e);
                }
            }
        }

        @Override
        public void send(String to, byte[] message) {
            if (alive) {
                network.send(id, to, message);
            }
        }

        @Override
        public void receive(BiConsumer<String, byte[]> newReceiver) {
            receiver = newReceiver;
        }

        @Override
        public Set<String> liveMembers() {
            var live = new LinkedHashSet<>(network.up());
            live.remove(id);
            return live;
        }

        @Override
        public void close() {}

        @Override
        public void reset(Iterable<SealedRecord> records, long index) {
            ledger.reset(id, records, index);
        }

        @Override
        public void applied(long index, List<SealedRecord> put, List<RecordId> deleted) {
            ledger.applied(id, index, put, deleted);
        }
    }
}
