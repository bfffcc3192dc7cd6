using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Secrets;

namespace Dske.Hub.Enrolment;

/// <summary>Reads the file with a hub's enrolment key.</summary>
internal static class EnrolmentKeyFile
{
    /// <summary>Reads the key, which the caller disposes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key, when the result is true.</param>
    /// <param name="problem">What is wrong with the file and what to do, when the result is false.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out EnrolmentKey? key, [NotNullWhen(false)] out string? problem)
    {
        key = null;
        if (!OwnerOnlyFile.TryRead(path, EnrolmentKey.TextLength, out var line, out problem))
        {
            return false;
        }

        using (line)
        {
            if (!EnrolmentKey.TryParse(line.Span, out key))
            {
                problem = $"{path} has to hold {EnrolmentKey.TextLength} hexadecimal digits and nothing else.";
                return false;
            }
        }

        return true;
    }
}
