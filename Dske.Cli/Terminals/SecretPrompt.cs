using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.Cli.Terminals;

/// <summary>Asks for a secret on the terminal of this process, without showing it.</summary>
internal static class SecretPrompt
{
    /// <summary>Asks.</summary>
    /// <param name="question">What is asked for.</param>
    /// <returns>The line in UTF-8, which the caller disposes; null where there is no terminal.</returns>
    public static SecretBytes? Ask(string question)
    {
        if (System.Console.IsInputRedirected || System.Console.IsErrorRedirected)
        {
            return null;
        }

        System.Console.Error.Write(question + ": ");
        using var text = new SecretBufferWriter();
        var lengths = new Stack<int>();
        var pair = default(char);
        while (System.Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                Forget(text, lengths);
            }
            else if (char.IsHighSurrogate(key.KeyChar))
            {
                pair = key.KeyChar;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                ReadOnlySpan<char> character = char.IsLowSurrogate(key.KeyChar) ? [pair, key.KeyChar] : [key.KeyChar];
                lengths.Push(Encoding.UTF8.GetBytes(character, text.GetSpan(8)));
                text.Advance(lengths.Peek());
            }
        }

        System.Console.Error.WriteLine();
        return SecretBytes.CopyOf(text.WrittenSpan);
    }

    /// <summary>Takes the last character back.</summary>
    private static void Forget(SecretBufferWriter text, Stack<int> lengths)
    {
        if (lengths.TryPop(out var length))
        {
            using var kept = SecretBytes.CopyOf(text.WrittenSpan[..^length]);
            text.Clear();
            kept.Span.CopyTo(text.GetSpan(Math.Max(1, kept.Length)));
            text.Advance(kept.Length);
        }
    }
}
