package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Checks trails from their files alone: numbers without gaps, hashes, starts, signatures over checkpoints, and what each
 * trail says about the others. With the audit root also every MAC; with the CA also whose the signatures are.
 *
 * <p>What it cannot see: records behind the last head that another trail holds, if they were cut off whole. Without the
 * audit root, and by somebody who makes the hashes anew, also changes behind the last signed checkpoint.
 */
public final class TrailVerifier {

    private final Optional<KeyMaterial> root;
    private final Optional<X509Certificate> authority;

    /**
     * A verifier.
     *
     * @param root the audit root of the cluster; stays the caller's
     * @param authority the cluster's CA
     */
    public TrailVerifier(Optional<KeyMaterial> root, Optional<X509Certificate> authority) {
        this.root = root;
        this.authority = authority;
    }

    /**
     * Verifies trails together.
     *
     * @param folders one for each trail
     * @throws IOException if a file cannot be read
     */
    public TrailReport verify(List<Path> folders) throws IOException {
        return verify(folders, command -> {});
    }

    /**
     * The same, and hands on each command that served a request of a caller.
     *
     * @throws IOException if a file cannot be read
     */
    public TrailReport verify(List<Path> folders, Consumer<ServedCommand> served) throws IOException {
        var claims = new Claims();
        for (var folder : folders) {
            for (var file : TrailFolder.files(folder)) {
                TrailFiles.read(file, (at, line, isEnded) -> collect(line, claims));
            }
        }
        var trails = new ArrayList<TrailReport.Trail>();
        var findings = new ArrayList<Finding>();
        var notes = new ArrayList<Finding>();
        var nodes = new HashSet<String>();
        for (var folder : folders) {
            var walk = new TrailWalk(folder.toString(), root, authority, claims, served);
            for (var file : TrailFolder.files(folder)) {
                walk.begin(file);
                TrailFiles.read(file, walk);
            }
            var trail = walk.end();
            trails.add(trail);
            findings.addAll(walk.findings());
            notes.addAll(walk.notes());
            if (!nodes.add(trail.node())) {
                findings.add(new Finding(trail.node(), 0, "two of the folders are of the same node"));
            }
        }
        for (var claim : claims.aboutOthersThan(nodes)) {
            findings.add(new Finding(
                    claim.head().node(),
                    claim.head().seq(),
                    "the whole trail is missing, though " + claim.holder()
                            + " holds this head of it; give its folder too"));
        }
        return new TrailReport(trails, findings, notes);
    }

    /**
     * Hands on the lines of a trail in their order, unchecked.
     *
     * @throws IOException if a file cannot be read
     */
    public static void show(Path folder, Consumer<String> screen) throws IOException {
        for (var file : TrailFolder.files(folder)) {
            TrailFiles.read(file, (at, line, isEnded) -> screen.accept(new String(line, StandardCharsets.US_ASCII)));
        }
    }

    private static void collect(byte[] line, Claims claims) {
        try {
            claims.collect(TrailRecord.read(line));
        } catch (MalformedTrailException e) {
            // The walk reports it, with its place.
        }
    }
}
