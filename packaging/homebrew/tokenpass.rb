class Tokenpass < Formula
  desc "Personal identity server: Bitcoin-backed keys that sign, encrypt and log you in"
  homepage "@URL@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    url "@URL@/releases/download/v@VERSION@/tokenpass-@VERSION@-universal-apple-darwin.tar.gz"
    sha256 "@SHA256:universal-apple-darwin.tar.gz@"
  end
  on_linux do
    on_intel do
      url "@URL@/releases/download/v@VERSION@/tokenpass-@VERSION@-x86_64-unknown-linux-musl.tar.xz"
      sha256 "@SHA256:x86_64-unknown-linux-musl.tar.xz@"
    end
    on_arm do
      url "@URL@/releases/download/v@VERSION@/tokenpass-@VERSION@-aarch64-unknown-linux-musl.tar.xz"
      sha256 "@SHA256:aarch64-unknown-linux-musl.tar.xz@"
    end
  end

  def install
    bin.install "tokenpass", "tokenpass-tray"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/tokenpass.bash" => "tokenpass"
    fish_completion.install "completions/tokenpass.fish"
    zsh_completion.install "completions/_tokenpass"
  end

  def caveats
    <<~TEXT
      To have the server start by itself: tokenpass service install
      To see the wallet's state in the panel: tokenpass tray
    TEXT
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/tokenpass --version")
    assert_match version.to_s, shell_output("#{bin}/tokenpass-tray --version")
    signature = "IH2hvceharbgE9N4vQwe69M1O0I7VhOjHmMqhIheO/HJDN9Se9Sz0tbikCKMAbfCzTq/mkOOyLt0uoNq80qhGpk="
    verify = "verify 'Hello World' --address 1B8DeWUbeaE1VM34NWeHi2QytbP9XtuWvC --signature #{signature}"
    assert_equal "valid\n", shell_output("#{bin}/tokenpass #{verify}")
  end
end
