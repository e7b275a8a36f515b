package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Role;
import java.util.Optional;

/** Who may give a command and in which state of the node. Every command has one of these, see {@link #of}. */
public enum CommandRule {
    /** Answered to anybody in every state. */
    STATUS(Optional.empty(), false),
    /** Opens a session. */
    LOGIN(Optional.empty(), true),
    /** Looks at keys or uses them; the answer leaves only if the node still holds its lease. */
    USE(Optional.of(Role.CRYPTO_USER), true),
    /** Changes keys or aliases; a majority has agreed before it is answered. */
    CHANGE(Optional.of(Role.CRYPTO_USER), false),
    /** Changes who callers are. */
    IDENTITY_CHANGE(Optional.of(Role.IDENTITY_ADMIN), false);

    private static final Command.Visitor<CommandRule> TABLE = new Table();

    private final Optional<Role> role;
    private final boolean answersUnderLease;

    CommandRule(Optional<Role> role, boolean answersUnderLease) {
        this.role = role;
        this.answersUnderLease = answersUnderLease;
    }

    public static CommandRule of(Command<?> command) {
        return command.accept(TABLE);
    }

    /** The role that the session's user must have; empty if no session is needed. */
    public Optional<Role> role() {
        return role;
    }

    public boolean allows(NodeState state) {
        return state == NodeState.OPERATIONAL || this == STATUS;
    }

    /** Whether the node must still be operational when the answer leaves. */
    boolean answersUnderLease() {
        return answersUnderLease;
    }

    private static final class Table implements Command.Visitor<CommandRule> {

        @Override
        public CommandRule login(Command.Login command) {
            return LOGIN;
        }

        @Override
        public CommandRule describeNode(Command.DescribeNode command) {
            return STATUS;
        }

        @Override
        public CommandRule findKey(Command.FindKey command) {
            return USE;
        }

        @Override
        public CommandRule findAlias(Command.FindAlias command) {
            return USE;
        }

        @Override
        public CommandRule listKeys(Command.ListKeys command) {
            return USE;
        }

        @Override
        public CommandRule listAliases(Command.ListAliases command) {
            return USE;
        }

        @Override
        public CommandRule deriveSigningKey(Command.DeriveSigningKey command) {
            return USE;
        }

        @Override
        public CommandRule encrypt(Command.Encrypt command) {
            return USE;
        }

        @Override
        public CommandRule decrypt(Command.Decrypt command) {
            return USE;
        }

        @Override
        public CommandRule reEncrypt(Command.ReEncrypt command) {
            return USE;
        }

        @Override
        public CommandRule generateDataKey(Command.GenerateDataKey command) {
            return USE;
        }

        @Override
        public CommandRule generateRandom(Command.GenerateRandom command) {
            return USE;
        }

        @Override
        public CommandRule createKey(Command.CreateKey command) {
            return CHANGE;
        }

        @Override
        public CommandRule changeKey(Command.ChangeKey command) {
            return CHANGE;
        }

        @Override
        public CommandRule createAlias(Command.CreateAlias command) {
            return CHANGE;
        }

        @Override
        public CommandRule updateAlias(Command.UpdateAlias command) {
            return CHANGE;
        }

        @Override
        public CommandRule deleteAlias(Command.DeleteAlias command) {
            return CHANGE;
        }

        @Override
        public CommandRule createAccessKey(Command.CreateAccessKey command) {
            return IDENTITY_CHANGE;
        }
    }
}
