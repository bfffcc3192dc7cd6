namespace Dske.Tests.Model;

/// <summary>How a hub lies, with a good signature.</summary>
internal enum Lie
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>It hands out wrong shares.</summary>
    WrongShare,

    /// <summary>It says that its share is another hub's.</summary>
    WrongIndex,

    /// <summary>It claims to know no key.</summary>
    DeniesShare,

    /// <summary>It claims to know no encryptor, though it keeps the share.</summary>
    DeniesSae,
}
