{ pkgs, ... }: {
  home.stateVersion = "24.05";
  programs.git = {
    enable = true;
    userName = "Mia";
    userEmail = "mia@example.org";
  };
  programs.starship.enable = true;
}
