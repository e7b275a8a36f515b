package dev.strongroom.conformance.bench;

import dev.strongroom.conformance.subject.ClusterTarget;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.MotoTarget;
import dev.strongroom.conformance.subject.Program;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All that is measured, running at the same time so that runs can alternate; idle ones take next to nothing. */
final class Servers implements AutoCloseable {

    /** A heap as a small production server would have; everything else as the JVM chooses. */
    private static final List<String> OPTIONS = List.of("-Xms512m", "-Xmx512m");

    /** After so many of each operation the compiler has settled. */
    private static final long COMPILED = 200_000;

    /**
     * One of them.
     *
     * @param pids the processes whose time a request costs
     * @param requests by operation, made anew where they are signed
     * @param warmUpRequests how many of each it wants before it is measured
     */
    record Server(
            String name, URI endpoint, List<Long> pids, Supplier<Map<String, byte[]>> requests, long warmUpRequests) {}

    private final List<AutoCloseable> running = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();

    static Servers start() throws IOException {
        var all = new Servers();
        try {
            all.startEmbeddedAndEcho();
            all.startCluster();
            all.startMoto();
            return all;
        } catch (IOException | RuntimeException | AssertionError e) {
            all.close();
            throw e;
        }
    }

    List<Server> servers() {
        return servers;
    }

    private void startEmbeddedAndEcho() throws IOException {
        var embedded = keep(EmbeddedTarget.forBenchmark(OPTIONS));
        var requests = KmsRequests.prepare(embedded);
        var answers = new LinkedHashMap<String, Integer>();
        for (var request : requests.sign().entrySet()) {
            answers.put(request.getKey(), PreparedRequest.answerBytes(embedded.endpoint(), request.getValue()));
        }
        var echo = keep(Program.java(OPTIONS, EchoMain.class.getName(), Map.of()));
        var echoed = new LinkedHashMap<String, byte[]>();
        requests.sign()
                .forEach((operation, bytes) ->
                        echoed.put(operation, PreparedRequest.echo(bytes, answers.getOrDefault(operation, 0))));
        var at = URI.create(
                "http://" + echo.awaitLine(line -> line.startsWith("ready ")).substring(6));
        servers.add(new Server(LoadReport.ECHO, at, List.of(echo.pid()), () -> echoed, COMPILED));
        servers.add(new Server(
                "embedded", embedded.endpoint(), List.of(embedded.program().pid()), requests::sign, COMPILED));
    }

    private void startCluster() throws IOException {
        var cluster = keep(ClusterTarget.start(Files.createTempDirectory("strongroom-load"), OPTIONS));
        var pids = new ArrayList<Long>();
        cluster.nodes().forEach(node -> pids.add(cluster.member(node).pid()));
        cluster.gateways().forEach(gateway -> pids.add(cluster.member(gateway).pid()));
        servers.add(new Server("three nodes", cluster.endpoint(), pids, KmsRequests.prepare(cluster)::sign, COMPILED));
    }

    /** Another emulator, where it is installed. */
    private void startMoto() {
        MotoTarget.start().ifPresent(moto -> {
            running.add(moto);
            servers.add(new Server(
                    "moto (emulator)",
                    moto.endpoint(),
                    List.of(moto.program().pid()),
                    KmsRequests.prepare(moto)::sign,
                    0));
        });
    }

    private <T extends AutoCloseable> T keep(T started) {
        running.add(started);
        return started;
    }

    @Override
    public void close() {
        for (var started : running) {
            try {
                started.close();
            } catch (Exception e) {
                throw new IllegalStateException("a server did not stop", e);
            }
        }
    }
}
