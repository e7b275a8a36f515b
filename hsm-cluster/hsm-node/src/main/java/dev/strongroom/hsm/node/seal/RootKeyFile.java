package dev.strongroom.hsm.node.seal;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The sealed root key as a file: one copy per seal, any one opens. ASCII lines that end in {@code \n}:
 *
 * <pre>
 * strongroom root key v1
 * lineage 32 hex digits
 * check 32 hex digits                  KBKDF(root key, "strongroom root check v1", lineage)
 * seal KIND hex digits                 1 to 16 times; the bytes are the seal's own
 * </pre>
 *
 * <p>Each copy authenticates itself, and the check value ties it to the lineage, so a changed line is noticed when the
 * file is opened. A file is written once, with mode 0600, and never overwritten: without it the cluster's keys are lost.
 */
public final class RootKeyFile {

    private static final String FIRST_LINE = "strongroom root key v1";
    private static final int MAX_COPIES = 16;
    private static final Pattern FORM = Pattern.compile(
            FIRST_LINE + "\nlineage [0-9a-f]{32}\ncheck [0-9a-f]{32}\n(seal [a-z-]{1,32} ([0-9a-f]{2}){1,1024}\n){1,"
                    + MAX_COPIES + "}");

    private final Bytes lineage;
    private final Bytes check;
    private final List<Copy> copies;

    private record Copy(String kind, Bytes wrapped) {}

    private RootKeyFile(Bytes lineage, Bytes check, List<Copy> copies) {
        this.lineage = lineage;
        this.check = check;
        this.copies = List.copyOf(copies);
    }

    /**
     * Seals {@code rootKey} once per seal and opens each copy again before it counts, so that no cluster starts with a
     * copy that cannot be opened.
     *
     * @throws WrongSealException if a seal does not open what it has just sealed
     */
    public static RootKeyFile seal(RootKey rootKey, List<Seal> seals) throws WrongSealException {
        if (seals.isEmpty() || seals.size() > MAX_COPIES) {
            throw new IllegalArgumentException("a root key has 1 to " + MAX_COPIES + " seals, not " + seals.size());
        }
        var copies = new ArrayList<Copy>();
        for (var seal : seals) {
            var wrapped = seal.wrap(rootKey.material());
            try (var reopened = seal.unwrap(wrapped)) {
                if (!reopened.sameAs(rootKey.material())) {
                    throw new WrongSealException("the seal (" + seal.describe() + ") gave back another key");
                }
            }
            copies.add(new Copy(seal.kind(), Bytes.wrap(wrapped)));
        }
        return new RootKeyFile(rootKey.lineage(), rootKey.checkValue(), copies);
    }

    /**
     * Reads a file.
     *
     * @throws IOException one line: missing, open to others, or not of this form
     */
    public static RootKeyFile read(Path file) throws IOException {
        var text = new String(PrivateFile.read(file), StandardCharsets.ISO_8859_1);
        if (!text.startsWith(FIRST_LINE + "\n")) {
            throw new IOException(file + " does not begin with \"" + FIRST_LINE + "\"");
        }
        if (!FORM.matcher(text).matches()) {
            throw new IOException(file + " is damaged: restore it from its copy");
        }
        var lines = text.split("\n", -1);
        var copies = new ArrayList<Copy>();
        for (var line : List.of(lines).subList(3, lines.length - 1)) {
            var words = line.split(" ", -1);
            copies.add(new Copy(words[1], Bytes.ofHex(words[2])));
        }
        return new RootKeyFile(
                Bytes.ofHex(lines[1].substring("lineage ".length())),
                Bytes.ofHex(lines[2].substring("check ".length())),
                copies);
    }

    /**
     * Writes the file, whole and on disk, with mode 0600.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     */
    public void write(Path file) throws IOException {
        var text = new StringBuilder(FIRST_LINE + "\nlineage " + lineage.toHex() + "\ncheck " + check.toHex() + "\n");
        for (var copy : copies) {
            text.append("seal ")
                    .append(copy.kind())
                    .append(' ')
                    .append(copy.wrapped().toHex())
                    .append('\n');
        }
        PrivateFile.create(file, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    public Bytes lineage() {
        return lineage;
    }

    /** The kinds of the copies, in the order of the file. */
    public List<String> kinds() {
        return copies.stream().map(Copy::kind).toList();
    }

    /**
     * Opens the root key with the first copy of this seal's kind that opens; the caller closes it.
     *
     * @throws WrongSealException if none does, with the reason of the last
     */
    public RootKey unseal(Seal seal) throws WrongSealException {
        var reason = new WrongSealException("this cluster has no seal of kind " + seal.kind() + ", only " + kinds());
        for (var copy : copies) {
            if (!copy.kind().equals(seal.kind())) {
                continue;
            }
            try {
                return checked(seal.unwrap(copy.wrapped().toArray()));
            } catch (WrongSealException e) {
                reason = e;
            }
        }
        throw reason;
    }

    private RootKey checked(KeyMaterial material) throws WrongSealException {
        if (material.length() == 32) {
            var rootKey = new RootKey(lineage, material);
            if (rootKey.checkValue().equals(check)) {
                return rootKey;
            }
        }
        material.close();
        throw new WrongSealException("the root key does not belong to lineage " + lineage.toHex());
    }
}
