namespace Dske.Tests.Fuzzing;

/// <summary>What readers stumble over.</summary>
internal static class OddInputs
{
    public const string Punctuation = "\"\\{}[]:,;%&=.+-/?#@ \t\r\n'0Aaz";

    /// <summary>Numbers at the limits of what types hold, and other ways to write numbers.</summary>
    public static IReadOnlyList<string> Numbers { get; } =
    [
        "0", "1", "-1", "-0", "00", "01", "+1", "2", "4", "31", "32", "33", "64", "127", "128", "254", "255", "256", "1024", "32767", "65535", "65536", "4194304", "4194305",
        "2147483647", "2147483648", "-2147483648", "4294967295", "4294967328", "9223372036854775776", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "18446744073709551616", "99999999999999999999999999", "1.5", "1e3", "1e9999", "-1e-9999", "0x10", "NaN",
    ];

    /// <summary>Text that is not what it seems: zeros, marks of direction, byte order marks, letters beyond the basic plane, escapes.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "\0", "\u0001", "\u007f", "\u0085", "\u00a0", "\u200b", "\u2028", "\u202e", "\ufeff", "\ufffd", "\uffff", "é", "e\u0301", "ß", "İ", "ﬁ", "٣", "愛", "😀", "\U0010ffff",
        "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00", "%00", "%0a", "%ff", "%c0%80", "%ed%a0%80", "%2F", "%", "%u0041", "../", "//", "&amp;", "+", " ", "\r\n", "*a", "&a", "!!x", "---\n", "|\n", "? ",
        "null", "true", "{}", "[]", "\"\"", "bind=1", "key_id=", "fragments", "Bearer ", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ];

    /// <summary>Bytes that are no UTF-8: overlong, half a surrogate pair, beyond Unicode, cut off.</summary>
    public static IReadOnlyList<byte[]> BrokenUtf8 { get; } =
        [[0x80], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xFE], [0xFF]];

    public static T Pick<T>(Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
