package dev.strongroom.gateway.operation;

/**
 * One use of a key and how it must end.
 *
 * @param operation wire name
 * @param members of the request, as {@link Sample#json} takes them; {@code <ID>} is the key, {@code <ID.blob>} a ciphertext
 *     that says it was made under it, {@code <OTHER>} an enabled symmetric key
 * @param outcome {@link #REACHED}, or code and text of the error, with {@code <ID.arn>} for the key's ARN
 */
public record UseCase(String operation, String members, String outcome) {

    /** The request is in order: the HSM is asked, or the record answers. */
    public static final String REACHED = "reached";

    @Override
    public String toString() {
        return operation + " {" + members + "}";
    }
}
