package dev.strongroom.hsm.node.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.hsm.node.TlsFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A member in a process of its own, spoken to by lines. It answers {@code send <node> <bytes>} with nothing, and reports
 * {@code started} and {@code got <node> <bytes> <sum of the bytes>}.
 */
final class MemberProcess implements AutoCloseable {

    private final String nodeId;
    private final Process process;
    private final PrintStream commands;
    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

    MemberProcess(String nodeId, Path tls, Map<String, MemberAddress> members, List<String> jvmArguments)
            throws IOException {
        this.nodeId = nodeId;
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(
                List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), MemberProcess.class.getName()));
        command.addAll(List.of(nodeId, tls.toString()));
        members.forEach((id, address) -> command.add(id + "=" + address));
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.commands = new PrintStream(process.getOutputStream(), true, UTF_8);
        var reader = new Thread(this::read, "reports of " + nodeId);
        reader.setDaemon(true);
        reader.start();
    }

    String nodeId() {
        return nodeId;
    }

    void send(String to, int bytes) {
        commands.println("send " + to + " " + bytes);
    }

    /** Reads reports until {@code wanted} comes. */
    boolean reports(String wanted, long patienceMillis) {
        try {
            for (var report = reports.poll(patienceMillis, TimeUnit.MILLISECONDS);
                    report != null;
                    report = reports.poll(patienceMillis, TimeUnit.MILLISECONDS)) {
                if (report.equals(wanted)) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** SIGKILL; returns when the process is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    static int sum(int bytes) {
        int sum = 0;
        for (var value : content(bytes)) {
            sum += value;
        }
        return sum;
    }

    private static byte[] content(int bytes) {
        var content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            lines.lines().forEach(reports::add);
        } catch (IOException e) {
            reports.add("gone");
        }
    }

    public static void main(String[] arguments) throws Exception {
        var nodeId = arguments[0];
        var members = new HashMap<String, MemberAddress>();
        for (int i = 2; i < arguments.length; i++) {
            var parts = arguments[i].split("[=:]", -1);
            members.put(parts[0], new MemberAddress(parts[1], Integer.parseInt(parts[2])));
        }
        var identity = TlsFiles.in(Path.of(arguments[1])).read(MemberFixture.RANDOM);
        var link = new HazelcastMembers(new MemberSettings(
                MemberFixture.LINEAGE, identity, Objects.requireNonNull(members.get(nodeId)), members));
        link.receive((from, message) -> {
            int sum = 0;
            for (var value : message) {
                sum += value;
            }
            System.out.println("got " + from + " " + message.length + " " + sum);
        });
        link.start();
        System.out.println("started");
        try (var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var words = line.split(" ", -1);
                link.send(words[1], content(Integer.parseInt(words[2])));
            }
        }
        System.exit(0);
    }
}
