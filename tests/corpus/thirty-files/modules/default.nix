{
  imports = [
    ./base
    ./server
    ./desktop
    ./services
  ];
}
