/// Where images come from and go to.
enum ImageSource {}
